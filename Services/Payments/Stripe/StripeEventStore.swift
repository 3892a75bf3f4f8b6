import Postgres
import SharedModels

/// Every statement on the table `stripe_events`.
struct StripeEventStore: Sendable {
    /// - Returns: Whether it came for the first time.
    func insert(_ event: StripeEvent, at now: Timestamp, in tx: Transaction) async throws -> Bool {
        try await tx.execute(
            """
            INSERT INTO stripe_events (id, type, object_id, received_at)
            VALUES (\(event.id), \(event.type), \(event.objectID), \(now))
            ON CONFLICT (id) DO NOTHING
            """) == 1
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
