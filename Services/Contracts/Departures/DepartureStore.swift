import Postgres
import SharedModels

/// How far the deletion of an account has come.
enum Departure: Sendable, Equatable {
    /// The deletion is under way and may still be cancelled.
    case reserved
    case left
}

/// Every statement on the table `departures`.
///
/// A move of a deal holds a shared lock for both its accounts until the move commits. A departure takes the lock
/// exclusively. So it either sees the whole move, or the move sees the departure. It is an advisory lock of PostgreSQL,
/// because most accounts never have a row here.
struct DepartureStore: Sendable {
    /// Whether one of `parties` is leaving, and how far. If both are, the one further along.
    ///
    /// A separate statement after all the waits, because a waiting statement sees the rows from before its wait.
    func standing(of parties: Parties, at now: Timestamp, in tx: Transaction) async throws -> Departure? {
        // Always in the same order, so that two moves between the same accounts never block each other.
        let names = parties.all.sorted().map(Self.lockName)
        try await tx.execute(
            """
            SELECT pg_advisory_xact_lock_shared(hashtextextended(\(names[0]), 0)),
                   pg_advisory_xact_lock_shared(hashtextextended(\(names[1]), 0))
            """)
        let hasLeft = try await tx.first(
            """
            SELECT bool_or(left_at IS NOT NULL) AS has_left FROM departures
             WHERE account_id = ANY(\(parties.all)) AND (left_at IS NOT NULL OR reserved_until > \(now))
            """
        ) { try $0.decode("has_left", as: Bool?.self) }
        return hasLeft.flatMap { $0 }.map { $0 ? .left : .reserved }
    }

    /// Waits until every move of the account has ended, and keeps new ones from beginning until the transaction ends.
    func lock(_ account: AccountID, in tx: Transaction) async throws {
        try await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(\(Self.lockName(account)), 0))")
    }

    /// Adds a reservation to those of other deletions, and drops those that have lapsed.
    func reserve(
        _ account: AccountID, for id: DepartureID, at now: Timestamp, until end: Timestamp, in tx: Transaction
    ) async throws {
        try await tx.execute(
            "DELETE FROM departures WHERE account_id = \(account) AND reserved_until <= \(now)")
        try await tx.execute(
            """
            INSERT INTO departures (account_id, id, reserved_until) VALUES (\(account), \(id), \(end))
            ON CONFLICT (account_id, id) DO UPDATE SET reserved_until = excluded.reserved_until
            """)
    }

    /// Cancels one reservation. Those of other deletions stay, and a deleted account stays deleted.
    func stay(_ account: AccountID, insteadOf id: DepartureID, in executor: some SQLExecutor) async throws {
        try await executor.execute("DELETE FROM departures WHERE account_id = \(account) AND id = \(id)")
    }

    func leave(_ account: AccountID, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM departures WHERE account_id = \(account) AND left_at IS NULL")
        try await tx.execute(
            """
            INSERT INTO departures (account_id, left_at) VALUES (\(account), \(now))
            ON CONFLICT (account_id) WHERE left_at IS NOT NULL DO NOTHING
            """)
    }

    private static func lockName(_ account: AccountID) -> String { "departure:\(account)" }
}

// What prevents the account's departure.
extension DepartureStore {
    /// Unresolved disputes, and money that is held or moving; at most ``DeletionBlockers/limit``.
    func blockers(of account: AccountID, in tx: Transaction) async throws -> [DeletionBlocker] {
        try await tx.all(
            """
            SELECT c.id AS contract_id, m.id AS milestone_id, d.id AS dispute_id
              FROM contracts c
              JOIN milestones m ON m.contract_id = c.id
              LEFT JOIN disputes d ON d.milestone_id = m.id AND d.status <> 'resolved'
             WHERE (c.client_user_id = \(account) OR c.worker_user_id = \(account))
               AND (d.id IS NOT NULL OR m.moving IS NOT NULL
                    OR (m.status IN ('funded', 'delivered') AND m.amount_cents > 0))
             ORDER BY c.id, m.position
             LIMIT \(DeletionBlockers.limit)
            """
        ) { row in
            let dispute: DisputeID? = try row.decode("dispute_id")
            return DeletionBlocker(
                dispute == nil ? .money : .dispute, of: try row.decode("milestone_id"),
                in: try row.decode("contract_id"), disputeID: dispute)
        }
    }

    /// The account's negotiations that are not over, including those with a contract, in the order in which they must
    /// be locked.
    func open(of account: AccountID, in executor: some SQLExecutor) async throws -> [NegotiationID] {
        try await executor.all(
            """
            SELECT id FROM negotiations
             WHERE closed_at IS NULL AND (client_user_id = \(account) OR worker_user_id = \(account))
             ORDER BY id
            """
        ) { try $0.decode("id") }
    }

    /// Deletes the contact data of an account.
    func eraseContacts(of account: AccountID, in executor: some SQLExecutor) async throws {
        try await executor.execute(
            """
            UPDATE negotiations
               SET client_contact_type = NULL, client_contact_value = NULL, version = version + 1
             WHERE client_user_id = \(account) AND client_contact_type IS NOT NULL
            """)
        try await executor.execute(
            """
            UPDATE negotiations
               SET worker_contact_type = NULL, worker_contact_value = NULL, version = version + 1
             WHERE worker_user_id = \(account) AND worker_contact_type IS NOT NULL
            """)
    }
}
