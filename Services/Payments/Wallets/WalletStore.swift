import Postgres
import SharedModels

/// Statements on the ledger's entries, as far as wallets ask more of them than ``Ledger`` does.
struct WalletStore: Sendable {
    func count(of wallet: LedgerAccount, in executor: some SQLExecutor) async throws -> Int64 {
        try await executor.one("SELECT count(*) AS total FROM ledger_entries WHERE account_id = \(wallet.id)") {
            try $0.decode("total")
        }
    }

    /// When the first entry was posted; `nil` without entries.
    func opened(_ wallet: LedgerAccount, in executor: some SQLExecutor) async throws -> Timestamp? {
        try await executor.first(
            """
            SELECT t.at FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
             WHERE e.account_id = \(wallet.id) ORDER BY e.position LIMIT 1
            """
        ) { try $0.decode("at") }
    }

    /// What contracts brought, oldest month first.
    func months(of wallet: LedgerAccount, in executor: some SQLExecutor) async throws -> [WalletIncome] {
        try await executor.all(
            """
            SELECT to_char(t.at AT TIME ZONE 'UTC', 'YYYY-MM') AS month, sum(e.amount)::bigint AS total,
                   count(*) AS count
              FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
             WHERE e.account_id = \(wallet.id) AND e.amount > 0
               AND t.kind IN (\(PostingKind.release), \(PostingKind.division), \(PostingKind.openingEarning))
             GROUP BY 1 ORDER BY 1
            """
        ) { row in
            WalletIncome(
                month: try row.decode("month"), total: Money.inr(paise: try row.decode("total")),
                count: try row.decode("count"))
        }
    }
}
