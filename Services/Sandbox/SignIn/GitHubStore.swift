import Postgres
import SharedModels

/// Every statement on the table `github_tokens`.
struct GitHubStore: Sendable {
    let database: Database

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
