import Postgres
import SharedModels

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The double-entry ledger: every statement on its three tables.
///
/// The database enforces the rules (`Migrations/0001_create_ledger.sql`): a transaction balances, an account stays
/// above its floor, entries never change, and a balance is the sum of its entries.
struct Ledger: Sendable {
    /// Posts once: a repeat under the same key changes nothing.
    ///
    /// Accounts are locked in the order of their ids, so that postings never deadlock.
    ///
    /// - Returns: What was posted; `nil` when it was posted before.
    /// - Throws: ``PostgresError``: the check `no_overdraft` when an account would fall below its floor and, at commit,
    ///   `entries_balance` when the entries do not sum to zero.
    @discardableResult
    func post(_ posting: Posting, at now: Timestamp, in tx: Transaction) async throws -> LedgerTransactionID? {
        let id = LedgerTransactionID.make(at: now)
        let isNew = try await tx.execute(
            """
            INSERT INTO ledger_transactions (id, key, kind, subject, at)
            VALUES (\(id), \(posting.key), \(posting.kind), \(posting.subject), \(now))
            ON CONFLICT (key) DO NOTHING
            """)
        guard isNew == 1 else { return nil }
        let entries = posting.entries.sorted { $0.account.id < $1.account.id }
        for entry in entries {
            try await open(entry.account, in: tx)
        }
        for entry in entries {
            try await tx.execute(
                """
                INSERT INTO ledger_entries (transaction_id, account_id, unit, amount)
                VALUES (\(id), \(entry.account.id), \(entry.account.unit), \(entry.amount))
                """)
        }
        return id
    }

    /// The balance in the unit of `account`; 0 when nothing was ever posted to it.
    func balance(of account: LedgerAccount, in executor: some SQLExecutor) async throws -> Int64 {
        try await balanceIfOpen(of: account, in: executor) ?? 0
    }

    /// Like ``balance(of:in:)``; `nil` when nothing was ever posted to the account.
    func balanceIfOpen(of account: LedgerAccount, in executor: some SQLExecutor) async throws -> Int64? {
        try await executor.first("SELECT balance FROM ledger_accounts WHERE id = \(account.id)") {
            try $0.decode("balance")
        }
    }

    /// Like ``balance(of:in:)``, and keeps others from changing it until the transaction ends. The account must exist.
    func lockBalance(of account: LedgerAccount, in tx: Transaction) async throws -> Int64 {
        try await tx.one("SELECT balance FROM ledger_accounts WHERE id = \(account.id) FOR NO KEY UPDATE") {
            try $0.decode("balance")
        }
    }

    /// The transaction that was posted under `key`.
    func transaction(_ key: String, in executor: some SQLExecutor) async throws -> LedgerTransactionID? {
        try await executor.first("SELECT id FROM ledger_transactions WHERE key = \(key)") { try $0.decode("id") }
    }

    /// What was posted about a milestone, oldest first.
    func entries(of milestone: MilestoneID, in executor: some SQLExecutor) async throws -> [LedgerEntry] {
        try await executor.all(
            """
            SELECT t.id, t.kind, e.account_id, e.amount, e.unit, t.at
              FROM ledger_transactions t
              JOIN ledger_entries e ON e.transaction_id = t.id
             WHERE t.subject = \(milestone) AND e.unit <> \(LedgerUnit.credit)
             ORDER BY t.at, t.id, e.account_id
            """
        ) { row in
            LedgerEntry(
                transactionID: try row.decode("id"), kind: try row.decode("kind"),
                account: try row.decode("account_id"),
                amount: Money(minorUnits: try row.decode("amount"), currency: try row.decode("unit")),
                at: try row.decode("at"))
        }
    }

    /// Opens the account if need be, and locks it.
    func open(_ account: LedgerAccount, in tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO ledger_accounts (id, unit, floor)
            VALUES (\(account.id), \(account.unit), \(account.floor))
            ON CONFLICT (id) DO NOTHING
            """)
        try await tx.execute("SELECT FROM ledger_accounts WHERE id = \(account.id) FOR NO KEY UPDATE")
    }
}
