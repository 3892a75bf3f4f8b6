import Postgres
import SharedModels

/// Every statement on the table `stripe_events`.
struct StripeEventStore: Sendable {
    /// One that nothing follows from is handled with that.
    ///
    /// - Returns: Whether it came for the first time.
    func insert(_ event: StripeEvent, at now: Timestamp, in tx: Transaction) async throws -> Bool {
        try await tx.execute(
            """
            INSERT INTO stripe_events (id, type, object_id, received_at, handled_at)
            VALUES (\(event.id), \(event.type), \(event.objectID), \(now), \(event.concern == nil ? now : nil))
            ON CONFLICT (id) DO NOTHING
            """) == 1
    }

    /// Which of these did not come yet.
    func missing(among ids: [String], in executor: some SQLExecutor) async throws -> Set<String> {
        let missing: [String] = try await executor.all(
            """
            SELECT given.id FROM unnest(\(ids)) AS given (id)
             WHERE NOT EXISTS (SELECT FROM stripe_events WHERE stripe_events.id = given.id)
            """
        ) { try $0.decode("id") }
        return Set(missing)
    }

    func find(_ id: String, in executor: some SQLExecutor) async throws -> StripeEvent? {
        try await executor.first(
            "SELECT id, type, object_id FROM stripe_events WHERE id = \(id)", StripeEvent.init(row:))
    }

    func markHandled(_ id: String, at now: Timestamp, in executor: some SQLExecutor) async throws {
        try await executor.execute("UPDATE stripe_events SET handled_at = \(now) WHERE id = \(id)")
    }
}

extension StripeEvent {
    fileprivate init(row: Row) throws {
        self.init(
            id: try row.decode("id"), type: try row.decode("type"), objectID: try row.decode("object_id"))
    }
}
