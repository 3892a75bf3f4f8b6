import Postgres
import SharedModels

/// A webhook that has not been taken yet.
struct StripeDelivery: Sendable {
    let position: Int64
    let eventID: String
    let payload: [UInt8]
    let attempts: Int
    /// By the system's time.
    let nextAttemptAt: Timestamp
    /// By the sandbox's clock.
    let createdAt: Timestamp
}

/// Every statement on the table `stripe_deliveries`.
struct DeliveryStore: Sendable {
    /// - Parameter isSetAside: Whether the others need not wait for it.
    func insert(_ event: StripeObject, _ work: StripeWork, due: Timestamp, isSetAside: Bool = false) async throws {
        try await work.tx.executeLater(
            """
            INSERT INTO stripe_deliveries (event_id, payload, next_attempt_at, is_set_aside, request_id, created_at)
            VALUES (\(event.id), \(event.body.bytes), \(due), \(isSetAside), \(work.requestID), \(work.now))
            """)
    }

    /// Whether a webhook of what the call did has not been taken yet.
    func isWaiting(of requestID: String, in executor: some SQLExecutor) async throws -> Bool {
        try await executor.one(
            "SELECT EXISTS (SELECT FROM stripe_deliveries WHERE request_id = \(requestID))"
        ) { try $0.bool(at: 0) }
    }

    /// The one to send next: the oldest, unless it was set aside; of those, one that is due.
    ///
    /// - Parameter now: The system's time.
    func findNext(at now: Timestamp, in executor: some SQLExecutor) async throws -> StripeDelivery? {
        try await executor.first(
            """
            SELECT position, event_id, payload, attempts, next_attempt_at, created_at FROM stripe_deliveries
             WHERE NOT is_set_aside OR next_attempt_at <= \(now)
             ORDER BY is_set_aside DESC, position LIMIT 1
            """
        ) { row in
            StripeDelivery(
                position: try row.decode("position"), eventID: try row.decode("event_id"),
                payload: try row.decode("payload"),
                attempts: try row.decode("attempts"), nextAttemptAt: try row.decode("next_attempt_at"),
                createdAt: try row.decode("created_at"))
        }
    }

    func delete(_ delivery: StripeDelivery, in executor: some SQLExecutor) async throws {
        try await executor.executeLater("DELETE FROM stripe_deliveries WHERE position = \(delivery.position)")
    }

    func postpone(
        _ delivery: StripeDelivery, until moment: Timestamp, setAside: Bool, in executor: some SQLExecutor
    ) async throws {
        try await executor.executeLater(
            """
            UPDATE stripe_deliveries
               SET attempts = attempts + 1, next_attempt_at = \(moment), is_set_aside = is_set_aside OR \(setAside)
             WHERE position = \(delivery.position)
            """)
    }

    func count(in executor: some SQLExecutor) async throws -> Int64 {
        try await executor.one("SELECT count(*) FROM stripe_deliveries") { try $0.int64(at: 0) }
    }
}
