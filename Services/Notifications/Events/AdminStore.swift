import Postgres
import SharedModels

/// Every statement on the table `admins`.
struct AdminStore: Sendable {
    func insertIfAbsent(_ account: AccountID, in tx: Transaction) async throws {
        try await tx.execute("INSERT INTO admins (account_id) VALUES (\(account)) ON CONFLICT DO NOTHING")
    }

    func delete(_ account: AccountID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM admins WHERE account_id = \(account)")
    }

    func all(in executor: some SQLExecutor) async throws -> [AccountID] {
        try await executor.all("SELECT account_id FROM admins ORDER BY account_id") { try $0.decode("account_id") }
    }
}
