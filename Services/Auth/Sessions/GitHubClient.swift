import OutboundHTTP
import ServiceKit
import SharedModels

/// Signing in with GitHub: OAuth 2.0 authorization code with PKCE (GitHub docs, "Authorizing OAuth apps").
struct GitHubClient: Sendable {
    /// Reads only the profile, and which addresses GitHub has confirmed.
    private static let scope = "read:user user:email"
    /// For each of the three calls, because a browser waits.
    private static let deadline = Duration.seconds(8)

    let settings: AuthSettings
    let callbackURL: String
    let http: OutboundHTTP

    /// The URL that the browser is sent to.
    func authorizeURL(state: String, proofKey: ProofKey) -> String {
        let query = FormEncoding.text([
            ("client_id", settings.githubClientID),
            ("redirect_uri", callbackURL),
            ("scope", Self.scope),
            ("state", state),
            ("code_challenge", proofKey.challenge),
            ("code_challenge_method", "S256"),
            ("response_type", "code"),
        ])
        return "\(settings.githubBaseURL)/login/oauth/authorize?\(query)"
    }

    /// Exchanges the code and asks GitHub whom it stands for.
    ///
    /// - Throws: ``SignInError/codeRefused`` and ``SignInError/gitHubUnavailable(reason:)``.
    func user(code: String, proofKey: ProofKey) async throws -> GitHubUser {
        let token = try await token(code: code, proofKey: proofKey)
        let answer = try await read("/user", with: token)
        guard answer.status != 401 else { throw SignInError.codeRefused }
        // A person may take the second scope away on GitHub's page. Then no address counts as confirmed.
        let emails = try await read("/user/emails", with: token)
        guard let json = answer.json,
            let user = GitHubUser(json: json, emails: emails.status == 200 ? emails.json : nil)
        else { throw SignInError.gitHubUnavailable(reason: "GET /user answered \(answer.status)") }
        return user
    }

    private func read(_ path: String, with token: String) async throws -> (status: Int, json: JSONValue?) {
        try await send(
            OutboundRequest(
                .get, settings.githubAPIBase + path,
                headers: [
                    ("Authorization", "Bearer \(token)"), ("Accept", "application/vnd.github+json"),
                    ("X-GitHub-Api-Version", "2022-11-28"),
                ]))
    }

    private func token(code: String, proofKey: ProofKey) async throws -> String {
        let answer = try await send(
            .form(
                .post, "\(settings.githubBaseURL)/login/oauth/access_token", headers: [("Accept", "application/json")],
                form: [
                    ("client_id", settings.githubClientID),
                    ("client_secret", settings.githubClientSecret.reveal()),
                    ("code", code),
                    ("redirect_uri", callbackURL),
                    ("code_verifier", proofKey.verifier),
                    ("grant_type", "authorization_code"),
                ],
                // A code works only once, so it serves as its own idempotency key.
                idempotencyKey: proofKey.challenge))
        if let token = answer.json?["access_token"]?.string, answer.status == 200 { return token }
        // Errors come with status 200. These are GitHub's name for a bad code and the standard's (RFC 6749, section
        // 5.2).
        let error = answer.json?["error"]?.string
        if error == "bad_verification_code" || error == "invalid_grant" { throw SignInError.codeRefused }
        throw SignInError.gitHubUnavailable(
            reason: "the code exchange answered \(answer.status), error \(error ?? "none")")
    }

    private func send(_ request: OutboundRequest) async throws -> (status: Int, json: JSONValue?) {
        var request = request
        request.deadline = Self.deadline
        do {
            let response = try await http.send(request, .provider)
            // An answer that is not JSON is judged by its status.
            return (response.status, try? JSONValue.parse(response.body, leniently: true))
        } catch let error as OutboundError {
            throw SignInError.gitHubUnavailable(reason: String(describing: error))
        }
    }
}
