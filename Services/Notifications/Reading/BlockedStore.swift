import Postgres
import SharedModels

/// Every statement on the table `blocked_accounts`: who is named in no message.
struct BlockedStore: Sendable {
    func insertIfAbsent(_ account: AccountID, in tx: Transaction) async throws {
        try await tx.executeLater(
            "INSERT INTO blocked_accounts (account_id) VALUES (\(account)) ON CONFLICT (account_id) DO NOTHING")
    }

    func delete(_ account: AccountID, in tx: Transaction) async throws {
        try await tx.executeLater("DELETE FROM blocked_accounts WHERE account_id = \(account)")
    }

    func find(among accounts: [AccountID], in executor: some SQLExecutor) async throws -> Set<AccountID> {
        guard !accounts.isEmpty else { return [] }
        return Set(
            try await executor.all("SELECT account_id FROM blocked_accounts WHERE account_id = ANY(\(accounts))") {
                try $0.decode("account_id", as: AccountID.self)
            })
    }
}
