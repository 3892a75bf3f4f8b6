import OutboundHTTP
import ServiceKit
import SharedModels

/// Signing in with GitHub: OAuth 2.0 (GitHub docs, "Authorizing OAuth apps").
struct GitHubClient: ProviderClient {
    private let flow: CodeFlow
    private let apiBase: String

    init(_ settings: AuthSettings, callbackURL: String, http: OutboundHTTP) {
        flow = CodeFlow(
            provider: .gitHub, authorizeAddress: "\(settings.githubBaseURL)/login/oauth/authorize",
            tokenAddress: "\(settings.githubBaseURL)/login/oauth/access_token", clientID: settings.githubClientID,
            clientSecret: settings.githubClientSecret, callbackURL: callbackURL,
            // Reads only the profile, and which addresses GitHub has confirmed.
            scope: "read:user user:email", http: http)
        apiBase = settings.githubAPIBase
    }

    func authorizeURL(state: String, proofKey: ProofKey) -> String {
        flow.authorizeURL(state: state, proofKey: proofKey)
    }

    func identity(code: String, proofKey: ProofKey) async throws -> ProvenIdentity {
        let token = try await flow.exchange(code, proofKey: proofKey, for: "access_token")
        let answer = try await read("/user", with: token)
        guard answer.status != 401 else { throw SignInError.codeRefused(.gitHub) }
        // A person may take the second scope away on GitHub's page. Then no address counts as confirmed.
        let emails = try await read("/user/emails", with: token)
        guard let json = answer.json,
            let user = GitHubUser(json: json, emails: emails.status == 200 ? emails.json : nil)
        else { throw SignInError.unavailable(.gitHub, reason: "GET /user answered \(answer.status)") }
        return .gitHub(user)
    }

    private func read(_ path: String, with token: String) async throws -> (status: Int, json: JSONValue?) {
        try await flow.send(
            OutboundRequest(
                .get, apiBase + path,
                headers: [
                    Authorization.showing(token), ("Accept", "application/vnd.github+json"),
                    ("X-GitHub-Api-Version", "2022-11-28"),
                ]))
    }
}
