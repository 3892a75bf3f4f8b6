import Postgres

/// Every statement on the table `delivery_faults`.
struct DeliveryFaultStore: Sendable {
    /// - Parameter type: A part of the event's type; `nil` matches every event.
    func plant(_ fault: DeliveryFault, type: String?, times: Int64, in executor: some SQLExecutor) async throws {
        try await executor.execute(
            "INSERT INTO delivery_faults (mode, event_type, remaining) VALUES (\(fault), \(type), \(times))")
    }

    func clear(in executor: some SQLExecutor) async throws {
        try await executor.execute("DELETE FROM delivery_faults")
    }

    /// Uses up one of the oldest matching fault; `nil` when the webhook goes as usual.
    func take(_ type: String, in tx: Transaction) async throws -> DeliveryFault? {
        try await tx.first(
            """
            UPDATE delivery_faults SET remaining = remaining - 1
             WHERE id = (SELECT id FROM delivery_faults
                          WHERE remaining > 0 AND (event_type IS NULL OR position(event_type IN \(type)) > 0)
                          ORDER BY id LIMIT 1 FOR UPDATE)
            RETURNING mode
            """
        ) { try $0.decode(at: 0) }
    }
}
