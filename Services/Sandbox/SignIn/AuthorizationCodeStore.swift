import Postgres
import SharedModels

/// Every statement on the table `authorization_codes`.
struct AuthorizationCodeStore: Sendable {
    let database: Database
    /// Whose codes they are.
    let provider: String

    func insert(_ code: String, _ grant: AuthorizationCode) async throws {
        try await database.execute(
            """
            INSERT INTO authorization_codes (code, provider, login, client_id, redirect_uri, scope, challenge, nonce,
                                             expires_at)
            VALUES (\(code), \(provider), \(grant.login), \(grant.clientID), \(grant.redirectURI), \(grant.scope),
                    \(grant.challenge), \(grant.nonce), \(grant.expiresAt))
            """)
    }

    /// Removes a code, so that it works only once, even if the rest fails.
    func take(_ code: String) async throws -> AuthorizationCode? {
        try await database.first(
            """
            DELETE FROM authorization_codes WHERE code = \(code) AND provider = \(provider)
            RETURNING login, client_id, redirect_uri, scope, challenge, nonce, expires_at
            """
        ) { row in
            AuthorizationCode(
                login: try row.decode("login"), clientID: try row.decode("client_id"),
                redirectURI: try row.decode("redirect_uri"), scope: try row.decode("scope"),
                challenge: try row.decodeIfPresent("challenge"), nonce: try row.decodeIfPresent("nonce"),
                expiresAt: try row.decode("expires_at"))
        }
    }
}
