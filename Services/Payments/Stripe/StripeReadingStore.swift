import Postgres
import SharedModels

/// Every statement on the table `stripe_reading`.
struct StripeReadingStore: Sendable {
    /// When the newest event that was read was made; `nil` before the first reading.
    func find(in executor: some SQLExecutor) async throws -> Timestamp? {
        try await executor.first("SELECT read_to FROM stripe_reading") { try $0.decode("read_to") }
    }

    func save(_ moment: Timestamp, in executor: some SQLExecutor) async throws {
        try await executor.executeLater(
            """
            INSERT INTO stripe_reading (read_to) VALUES (\(moment))
            ON CONFLICT (is_only) DO UPDATE SET read_to = greatest(stripe_reading.read_to, excluded.read_to)
            """)
    }
}
