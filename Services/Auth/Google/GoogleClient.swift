import OutboundHTTP
import ServiceKit

/// Signing in with Google on a page of ours: OpenID Connect
/// (https://developers.google.com/identity/openid-connect/openid-connect).
struct GoogleClient: ProviderClient {
    private let flow: CodeFlow
    private let tokens: GoogleTokens

    /// - Returns: `nil` without the secret of our application at Google.
    init?(_ settings: AuthSettings, tokens: GoogleTokens, callbackURL: String, http: OutboundHTTP) {
        guard let secret = settings.googleClientSecret else { return nil }
        self.tokens = tokens
        flow = CodeFlow(
            provider: .google, authorizeAddress: "\(settings.googleBaseURL)/o/oauth2/v2/auth",
            tokenAddress: "\(settings.googleTokenBase)/token", clientID: settings.googleClientID, clientSecret: secret,
            callbackURL: callbackURL, scope: "openid email profile", http: http)
    }

    func authorizeURL(state: String, proofKey: ProofKey) -> String {
        flow.authorizeURL(state: state, proofKey: proofKey, [("nonce", proofKey.nonce)])
    }

    func identity(code: String, proofKey: ProofKey) async throws -> ProvenIdentity {
        let token = try await flow.exchange(code, proofKey: proofKey, for: "id_token")
        return .google(try await tokens.person(token, nonce: proofKey.nonce))
    }
}
