import Postgres
import SharedModels

/// What an authorization code stands for.
struct GitHubCode: Sendable {
    let login: String
    let clientID: String
    let redirectURI: String
    let scope: String
    /// PKCE, S256; `nil` when the client sent none.
    let challenge: String?
    let expiresAt: Timestamp
}

/// Every statement on the tables `github_codes` and `github_tokens`.
struct GitHubStore: Sendable {
    let database: Database

    func insert(_ code: String, _ grant: GitHubCode) async throws {
        try await database.execute(
            """
            INSERT INTO github_codes (code, login, client_id, redirect_uri, scope, challenge, expires_at)
            VALUES (\(code), \(grant.login), \(grant.clientID), \(grant.redirectURI), \(grant.scope),
                    \(grant.challenge), \(grant.expiresAt))
            """)
    }

    /// Removes a code, so that it works only once, even if the rest fails.
    func take(_ code: String) async throws -> GitHubCode? {
        try await database.first(
            """
            DELETE FROM github_codes WHERE code = \(code)
            RETURNING login, client_id, redirect_uri, scope, challenge, expires_at
            """
        ) { row in
            GitHubCode(
                login: try row.decode("login"), clientID: try row.decode("client_id"),
                redirectURI: try row.decode("redirect_uri"),
                scope: try row.decode("scope"), challenge: try row.decode("challenge"),
                expiresAt: try row.decode("expires_at"))
        }
    }

    func insert(token: String, login: String, scope: String, at now: Timestamp) async throws {
        try await database.execute(
            """
            INSERT INTO github_tokens (token, login, scope, created_at)
            VALUES (\(token), \(login), \(scope), \(now))
            """
        )
    }

    func findLogin(ofToken token: String) async throws -> String? {
        try await database.first("SELECT login FROM github_tokens WHERE token = \(token)") {
            try $0.string(at: 0)
        }
    }
}
