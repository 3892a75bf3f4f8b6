import Postgres
import SharedModels

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The double-entry ledger: every statement on its three tables.
///
/// The database enforces the rules (`Migrations/0001_create_ledger.sql` and `0010_close_the_ledger.sql`): a transaction
/// balances, an account stays above its floor, entries never change, and a balance is the sum of its entries. It posts by
/// its own function; the service's role can write the tables in no other way.
struct Ledger: Sendable {
    /// Posts once: a repeat under the same key changes nothing.
    ///
    /// Accounts are locked in one order, the provider's first, so that postings never deadlock.
    ///
    /// - Returns: What was posted; `nil` when it was posted before.
    /// - Throws: ``PostgresError``: the check `no_overdraft` when an account would fall below its floor and, at commit,
    ///   `entries_balance` when the entries do not sum to zero.
    @discardableResult
    func post(
        _ posting: Posting, because cause: Posting.Cause = .request(), at now: Timestamp, in tx: Transaction
    ) async throws -> LedgerTransactionID? {
        let id = LedgerTransactionID.make(at: now)
        let isNew: Bool = try await tx.one(posted(posting, as: id, because: cause, at: now)) { try $0.decode("is_new") }
        return isNew ? id : nil
    }

    /// Like ``post(_:because:at:in:)``, with the next statement of the transaction. The accounts that everybody's money
    /// passes are locked for a shorter time so. For what cannot overdraw an account.
    func postLater(
        _ posting: Posting, because cause: Posting.Cause = .request(), at now: Timestamp, in tx: Transaction
    ) async throws {
        try await tx.executeLater(posted(posting, as: .make(at: now), because: cause, at: now))
    }

    private func posted(
        _ posting: Posting, as id: LedgerTransactionID, because cause: Posting.Cause, at now: Timestamp
    ) -> SQL {
        let entries = posting.entries
        return """
            SELECT ledger_post(
                \(id), \(posting.key), \(posting.kind), \(posting.subject), \(now), \(cause.action), \(cause.requestID),
                \(entries.map(\.account.id)), \(entries.map(\.account.unit.rawValue)), \(entries.map(\.amount)),
                \(cause.admin)
            ) AS is_new
            """
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
        try await tx.one("SELECT ledger_lock(\(account.id)) AS balance") { try $0.decode("balance") }
    }

    /// Opens accounts if need be, and locks them in the order in which postings do.
    func lock(_ accounts: [LedgerAccount], in tx: Transaction) async throws {
        let accounts = Array(Set(accounts))
        try await tx.execute(
            """
            SELECT ledger_open(account, counts_in)
              FROM (SELECT e.account, e.counts_in
                      FROM unnest(\(accounts.map(\.id)), \(accounts.map(\.unit.rawValue))) AS e (account, counts_in)
                      LEFT JOIN ledger_chart c ON c.kind = split_part(e.account, ':', 1)
                     ORDER BY c.lock_order, e.account COLLATE "C") in_order
            """)
    }

    /// The transaction that was posted under `key`.
    func transaction(_ key: String, in executor: some SQLExecutor) async throws -> LedgerTransactionID? {
        try await executor.first("SELECT id FROM ledger_transactions WHERE key = \(key)") { try $0.decode("id") }
    }

    /// Which of these keys something was posted under.
    func known(among keys: [String], in executor: some SQLExecutor) async throws -> Set<String> {
        guard !keys.isEmpty else { return [] }
        return Set(
            try await executor.all("SELECT key FROM ledger_transactions WHERE key = ANY(\(keys))") {
                try $0.decode("key", as: String.self)
            })
    }

    /// The entries of the transaction that was posted under `key`; empty for an unknown key.
    func entries(under key: String, in executor: some SQLExecutor) async throws -> [Posting.Entry] {
        try await executor.all(
            """
            SELECT e.account_id, e.unit, e.amount
              FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id
             WHERE t.key = \(key) ORDER BY e.position
            """
        ) { row in
            Posting.Entry(
                account: LedgerAccount(id: try row.decode("account_id"), unit: try row.decode("unit")),
                amount: try row.decode("amount"))
        }
    }

    /// What the transactions that were posted under `keys` changed in an account, together.
    func sum(under keys: [String], in account: LedgerAccount, in executor: some SQLExecutor) async throws -> Int64 {
        try await sum("t.key = ANY(\(keys))", in: account, in: executor)
    }

    /// What all transactions about a thing changed in an account, together.
    func sum(about subject: UUID, in account: LedgerAccount, in executor: some SQLExecutor) async throws -> Int64 {
        try await sum("t.subject = \(subject)", in: account, in: executor)
    }

    /// What all transactions of a kind changed in an account, together.
    func sum(of kind: PostingKind, in account: LedgerAccount, in executor: some SQLExecutor) async throws -> Int64 {
        try await sum("t.kind = \(kind)", in: account, in: executor)
    }

    private func sum(_ condition: SQL, in account: LedgerAccount, in executor: some SQLExecutor) async throws -> Int64 {
        try await executor.one(
            """
            SELECT coalesce(sum(e.amount), 0)::bigint AS sum
              FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id
             WHERE \(fragment: condition) AND e.account_id = \(account.id)
            """
        ) { try $0.decode("sum") }
    }

    /// What was posted about a milestone, in the order in which it was.
    func entries(of milestone: MilestoneID, in executor: some SQLExecutor) async throws -> [LedgerEntry] {
        try await entries(about: [milestone.uuid], in: executor)
    }

    /// What was posted about some milestones, checkouts and disputes, in the order in which it was.
    func entries(about subjects: [UUID], in executor: some SQLExecutor) async throws -> [LedgerEntry] {
        try await executor.all(
            """
            SELECT t.id, t.kind, t.subject, t.action, t.request_id, t.at, e.account_id, e.amount, e.unit, e.balance_after
              FROM ledger_transactions t
              JOIN ledger_entries e ON e.transaction_id = t.id
             WHERE t.subject = ANY(\(subjects)) AND e.unit <> \(LedgerUnit.credit)
             ORDER BY e.position
            """,
            LedgerEntry.init(row:))
    }

    /// An account, whatever it is of.
    func find(_ id: String, in executor: some SQLExecutor) async throws -> OpenAccount? {
        try await executor.first("SELECT id, unit, balance FROM ledger_accounts WHERE id = \(id)") { row in
            OpenAccount(
                id: try row.decode("id"), unit: try row.decode("unit"), balance: try row.decode("balance"))
        }
    }

    /// A page of an account's entries, newest first.
    ///
    /// - Parameter skip: How many are left out first.
    func page(
        of account: String, after cursor: PageCursor?, skipping skip: Int = 0, limit: Int, in executor: some SQLExecutor
    ) async throws -> Page<AccountEntry> {
        let older: SQL =
            cursor.map {
                """
                 AND e.position < (
                    SELECT position FROM ledger_entries WHERE account_id = \(account) AND transaction_id = \($0.id))
                """
            } ?? .empty
        return try await executor.page(
            """
            SELECT t.id, t.kind, t.subject, t.action, t.request_id, t.admin_id, t.at, e.amount, e.balance_after
              FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
             WHERE e.account_id = \(account)\(fragment: older)
             ORDER BY e.position DESC LIMIT \(limit + 1) OFFSET \(skip)
            """, limit: limit, AccountEntry.init(row:)
        ) { PageCursor($0.at, $0.transactionID) }
    }

    /// The amount of a transaction in an account; 0 when it has no entry there.
    func amount(
        of transaction: LedgerTransactionID, in account: LedgerAccount, in executor: some SQLExecutor
    ) async throws -> Int64 {
        try await executor.first(
            "SELECT amount FROM ledger_entries WHERE transaction_id = \(transaction) AND account_id = \(account.id)"
        ) { try $0.decode("amount") } ?? 0
    }

    /// Opens the account if need be, and locks it.
    func open(_ account: LedgerAccount, in tx: Transaction) async throws {
        try await tx.execute("SELECT ledger_open(\(account.id), \(account.unit.rawValue))")
    }
}

extension LedgerEntry {
    fileprivate init(row: Row) throws {
        let currency: Currency = try row.decode("unit")
        self.init(
            transactionID: try row.decode("id"), kind: try row.decode("kind"), subject: try row.decode("subject"),
            account: try row.decode("account_id"),
            amount: Money(minorUnits: try row.decode("amount"), currency: currency),
            balance: Money(minorUnits: try row.decode("balance_after"), currency: currency),
            action: try row.decode("action"), requestID: try row.decode("request_id"), at: try row.decode("at"))
    }
}

extension AccountEntry {
    fileprivate init(row: Row) throws {
        self.init(
            transactionID: try row.decode("id"), kind: try row.decode("kind"), subject: try row.decode("subject"),
            amount: try row.decode("amount"), balance: try row.decode("balance_after"),
            action: try row.decode("action"),
            requestID: try row.decode("request_id"), adminID: try row.decodeIfPresent("admin_id"),
            at: try row.decode("at"))
    }
}
