import Postgres
import ServiceKit
import SharedModels

/// Every statement on the table `advice_asks`. A dispute has at most one unfinished ask, which is begun and ended under
/// the dispute's lock.
struct AdviceAskStore: Sendable {
    static let columns: SQL = "id, dispute_id, case_digest, account_id, asked_at, lease_until"

    func insert(_ ask: AdviceAsk, in tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO advice_asks (\(fragment: Self.columns))
            VALUES (\(ask.id), \(ask.disputeID), \(ask.caseDigest), \(ask.account), \(ask.askedAt),
                    \(ask.leaseUntil))
            """)
    }

    /// The unfinished ask.
    func current(of dispute: DisputeID, in executor: some SQLExecutor) async throws -> AdviceAsk? {
        try await executor.first(
            """
            SELECT \(fragment: Self.columns)
              FROM advice_asks
             WHERE dispute_id = \(dispute) AND ended_at IS NULL
            """, AdviceAsk.init(row:))
    }

    func isUnderWay(_ id: ClaimID, in executor: some SQLExecutor) async throws -> Bool {
        try await executor.one(
            "SELECT EXISTS (SELECT FROM advice_asks WHERE id = \(id) AND ended_at IS NULL) AS is_under_way"
        ) { try $0.decode("is_under_way") }
    }

    func end(_ id: ClaimID, at now: Timestamp, in executor: some SQLExecutor) async throws {
        try await executor.execute("UPDATE advice_asks SET ended_at = \(now) WHERE id = \(id) AND ended_at IS NULL")
    }

    /// When an account caused its asks since `start`, oldest first. Older ones are deleted.
    ///
    /// Locks the account's asks until the transaction ends, so that two simultaneous ones are counted one after the
    /// other.
    func asked(by account: AccountID, since start: Timestamp, in tx: Transaction) async throws -> [Timestamp] {
        try await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(\(Self.lockName(account)), 0))")
        try await tx.execute(
            """
            DELETE FROM advice_asks
             WHERE account_id = \(account) AND asked_at <= \(start) AND ended_at IS NOT NULL
            """)
        return try await tx.all(
            "SELECT asked_at FROM advice_asks WHERE account_id = \(account) AND asked_at > \(start) ORDER BY asked_at"
        ) { try $0.decode("asked_at") }
    }

    private static func lockName(_ account: AccountID) -> String { "advice:\(account)" }
}

extension AdviceAsk {
    fileprivate init(row: Row) throws {
        self.init(
            id: try row.decode("id"), disputeID: try row.decode("dispute_id"),
            caseDigest: try row.decode("case_digest"), account: try row.decode("account_id"),
            askedAt: try row.decode("asked_at"), leaseUntil: try row.decode("lease_until"))
    }
}
