import OutboundHTTP
import ServiceKit
import SharedModels

/// The authorization code flow with PKCE (RFC 6749, section 4.1; RFC 7636), as every provider has it.
struct CodeFlow: Sendable {
    /// For each call, because a browser waits.
    private static let deadline = Duration.seconds(8)

    let provider: Provider
    /// Where people say who they are.
    let authorizeAddress: String
    let tokenAddress: String
    let clientID: String
    let clientSecret: Secret
    let callbackURL: String
    let scope: String
    let http: OutboundHTTP

    /// - Parameter more: What this provider takes besides.
    func authorizeURL(state: String, proofKey: ProofKey, _ more: [(String, String)] = []) -> String {
        let query = FormEncoding.text(
            [
                ("client_id", clientID),
                ("redirect_uri", callbackURL),
                ("scope", scope),
                ("state", state),
                ("code_challenge", proofKey.challenge),
                ("code_challenge_method", "S256"),
                ("response_type", "code"),
            ] + more)
        return "\(authorizeAddress)?\(query)"
    }

    /// - Parameter token: The member of the answer that is asked for.
    /// - Throws: ``SignInError/codeRefused(_:)`` and ``SignInError/unavailable(_:reason:)``.
    func exchange(_ code: String, proofKey: ProofKey, for token: String) async throws -> String {
        let answer = try await send(
            .form(
                .post, tokenAddress, headers: [("Accept", "application/json")],
                form: [
                    ("client_id", clientID),
                    ("client_secret", clientSecret.reveal()),
                    ("code", code),
                    ("redirect_uri", callbackURL),
                    ("code_verifier", proofKey.verifier),
                    ("grant_type", "authorization_code"),
                ],
                // A code works only once, so it serves as its own idempotency key.
                idempotencyKey: proofKey.challenge))
        if let token = answer.json?[token]?.string, answer.status == 200 { return token }
        // These are GitHub's name for a bad code, with status 200, and the standard's (RFC 6749, section 5.2).
        let error = answer.json?["error"]?.string
        if error == "bad_verification_code" || error == "invalid_grant" { throw SignInError.codeRefused(provider) }
        throw SignInError.unavailable(
            provider, reason: "the code exchange answered \(answer.status), error \(error ?? "none")")
    }

    /// - Throws: ``SignInError/unavailable(_:reason:)``
    func send(_ request: OutboundRequest) async throws -> (status: Int, json: JSONValue?) {
        var request = request
        request.deadline = Self.deadline
        do {
            let response = try await http.send(request, .provider)
            // An answer that is not JSON is judged by its status.
            return (response.status, try? JSONValue.parse(response.body, leniently: true))
        } catch let error as OutboundError {
            throw SignInError.unavailable(provider, reason: String(describing: error))
        }
    }
}
