import Postgres
import ServiceKit
import SharedModels

/// Verifies OAuth access tokens, and charges them to the plan of the account that they act for.
struct OAuthTokenVerifier: CredentialVerifier {
    let database: Database
    let clock: any DomainClock
    let credentials = CredentialStore()
    let meter = PlanMeter()

    func verify(_ input: CredentialInput) async throws -> CredentialResolution? {
        guard input.source == .token, OAuthTokenFormat.accessToken.matches(input.secret) else { return nil }
        let now = clock.now
        let digest = APIKeyFormat.sha256(input.secret)
        guard let token = try await credentials.findOAuthToken(sha256: digest, in: database),
            token.expiresAt.map({ now < $0 }) ?? true
        else {
            return CredentialResolution(refusal: "The OAuth token has expired or was withdrawn; get another one.")
        }
        if token.isBlocked { return .blocked }
        if token.isRevoked { return CredentialResolution(refusal: "The client of the OAuth token is blocked.") }
        let grant = try await meter.grant(to: token.principal, input, at: now, in: database)
        return CredentialResolution(principal: token.principal, grant: grant)
    }
}
