import Logging
import Postgres
import SharedModels
import TestSupport

/// Changes to auth's rows that no caller could make.
///
/// The credential must not have been used before, because services remember the credentials they know.
struct AuthRows: Sendable {
    private let database: Database

    init() throws {
        database = Database(.patient(url: try Stack.setting("AUTH_DATABASE_URL")), logger: .quiet)
    }

    func close() async { await database.close() }

    /// Sets the key's end to its beginning.
    func expire(key id: String) async throws {
        try await database.execute("UPDATE api_keys SET expires_at = created_at WHERE id = \(id)::uuid")
    }

    /// Limits the key to `scopes`.
    func limit(key id: String, to scopes: [Scope]) async throws {
        try await database.execute(
            "UPDATE api_keys SET scopes = \(scopes.map(\.rawValue)) WHERE id = \(id)::uuid")
    }

    /// Lifts the limits of the account's keys.
    func lift(limitsOf account: String) async throws {
        try await database.execute("UPDATE accounts SET plan = 'custom' WHERE id = \(account)::uuid")
    }

    /// A session of the account that has ended.
    func addEndedSession(_ secret: String, of account: String) async throws {
        try await database.execute(
            """
            INSERT INTO sessions (id, account_id, secret_sha256, created_at, expires_at)
            SELECT gen_random_uuid(), id, sha256(convert_to(\(secret), 'UTF8')), created_at,
                   created_at + interval '1 microsecond'
              FROM accounts WHERE id = \(account)::uuid
            """)
    }
}
