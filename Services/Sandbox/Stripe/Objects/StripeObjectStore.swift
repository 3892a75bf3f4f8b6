import Postgres
import SharedModels

/// Every statement on the table `stripe_objects`.
struct StripeObjectStore: Sendable {
    static let columns: SQL = "id, kind, body, hidden, due_at"

    func insert(_ object: StripeObject, _ work: StripeWork) async throws {
        try await work.tx.executeLater(
            """
            INSERT INTO stripe_objects (id, kind, body, hidden, due_at, created_at, updated_at)
            VALUES (\(object.id), \(object.kind), \(JSONB(bytes: object.body.bytes)),
                    \(JSONB(bytes: object.hidden.bytes)), \(object.dueAt), \(work.now), \(work.now))
            """)
    }

    func save(_ object: StripeObject, _ work: StripeWork) async throws {
        try await work.tx.executeLater(
            """
            UPDATE stripe_objects
               SET body = \(JSONB(bytes: object.body.bytes)), hidden = \(JSONB(bytes: object.hidden.bytes)),
                   due_at = \(object.dueAt), updated_at = \(work.now)
             WHERE id = \(object.id)
            """)
    }

    func find(_ id: String, _ kind: StripeKind, in executor: some SQLExecutor) async throws -> StripeObject? {
        try await executor.first(
            "SELECT \(fragment: Self.columns) FROM stripe_objects WHERE id = \(id) AND kind = \(kind)",
            StripeObject.init(row:))
    }

    /// Reads an object and locks its row, so that two calls cannot decide on the same state.
    func lock(_ id: String, _ kind: StripeKind, in tx: Transaction) async throws -> StripeObject? {
        try await tx.first(
            """
            SELECT \(fragment: Self.columns) FROM stripe_objects
             WHERE id = \(id) AND kind = \(kind) FOR UPDATE
            """, StripeObject.init(row:))
    }

    /// Whether an object is due, or the platform's payout. Most of the time neither is.
    ///
    /// - Parameters:
    ///   - settled: When changes are made that somebody may come before.
    ///   - now: When money becomes available, which nobody can.
    func isAnyDue(at settled: Timestamp, moneyAt now: Timestamp, in tx: Transaction) async throws -> Bool {
        try await tx.one(
            """
            SELECT EXISTS (SELECT FROM stripe_objects WHERE \(fragment: Self.isDue(at: settled, moneyAt: now)))
                OR EXISTS (SELECT FROM stripe_settings WHERE next_payout_at <= \(settled))
            """
        ) { try $0.bool(at: 0) }
    }

    /// The objects that must change by now, at most a hundred, with their rows locked.
    func lockDue(at settled: Timestamp, moneyAt now: Timestamp, in tx: Transaction) async throws -> [StripeObject] {
        try await tx.all(
            """
            SELECT \(fragment: Self.columns) FROM stripe_objects
             WHERE \(fragment: Self.isDue(at: settled, moneyAt: now))
             ORDER BY due_at, id LIMIT 100 FOR UPDATE
            """, StripeObject.init(row:))
    }

    private static func isDue(at settled: Timestamp, moneyAt now: Timestamp) -> SQL {
        "due_at <= \(now) AND (due_at <= \(settled) OR kind = \(StripeKind.balanceTransaction))"
    }

    /// The bodies of all objects of a kind, oldest first.
    func findBodies(_ kind: StripeKind, in executor: some SQLExecutor) async throws -> [JSONValue] {
        try await executor.all("SELECT body FROM stripe_objects WHERE kind = \(kind) ORDER BY position") {
            try JSONValue.parse($0.decode("body", as: JSONB.self).bytes)
        }
    }

    /// The sum of one number over the objects whose `member` is `value`, in minor units.
    func sum(
        of number: String, _ kind: StripeKind, where member: String, is value: String, in tx: Transaction
    ) async throws -> Int64 {
        try await tx.one(
            """
            SELECT coalesce(sum((body ->> \(number))::bigint), 0)::bigint FROM stripe_objects
             WHERE kind = \(kind) AND body ->> \(member) = \(value)
            """
        ) { try $0.int64(at: 0) }
    }

    /// One page, newest first, without deleted objects.
    ///
    /// - Parameters:
    ///   - filters: Members and the texts they must have.
    ///   - after: Only older ones than this id; `before`: only newer ones.
    ///   - limit: 1 to 100, and one more to see whether there are more.
    func page(
        _ kind: StripeKind, filters: [(name: String, value: String)], after: String?, before: String?,
        limit: Int64,
        in executor: some SQLExecutor
    ) async throws -> [JSONValue] {
        let conditions = filters.reduce(SQL.empty) { "\(fragment: $0) AND body ->> \($1.name) = \($1.value)" }
        let older: SQL =
            after.map { " AND position < (SELECT position FROM stripe_objects WHERE id = \($0))" } ?? .empty
        let newer: SQL =
            before.map { " AND position > (SELECT position FROM stripe_objects WHERE id = \($0))" } ?? .empty
        // The page next to `before` is found from its end.
        let order: SQL = before == nil ? "DESC" : "ASC"
        return try await executor.all(
            """
            SELECT body FROM stripe_objects
             WHERE kind = \(kind) AND NOT body ? 'deleted'\(fragment: conditions)\(fragment: older)\(fragment: newer)
             ORDER BY position \(fragment: order) LIMIT \(limit + 1)
            """
        ) { try JSONValue.parse($0.decode("body", as: JSONB.self).bytes) }
    }
}
