import Postgres
import SharedModels

/// The statements on the table `reading_settings`.
struct ReadingStore: Sendable {
    func language(of account: AccountID, in executor: some SQLExecutor) async throws -> Language {
        try await find(account, in: executor) ?? ReadingSettings.standard
    }

    /// - Returns: `nil` when the account has chosen none.
    func find(_ account: AccountID, in executor: some SQLExecutor) async throws -> Language? {
        try await executor.first("SELECT locale FROM reading_settings WHERE account_id = \(account)") {
            try $0.decode("locale")
        }
    }

    func save(
        _ language: Language, of account: AccountID, at now: Timestamp, in executor: some SQLExecutor
    ) async throws {
        try await executor.execute(
            """
            INSERT INTO reading_settings (account_id, locale, updated_at) VALUES (\(account), \(language), \(now))
            ON CONFLICT (account_id) DO UPDATE SET locale = excluded.locale, updated_at = excluded.updated_at
            """
        )
    }

    func delete(_ account: AccountID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM reading_settings WHERE account_id = \(account)")
    }
}

extension Language: PostgresValue {}
