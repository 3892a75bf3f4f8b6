import Postgres
import ServiceKit
import SharedModels

/// Clears up after a webhook or channel that was removed or disabled, a batch at a time: there may be a million
/// deliveries.
struct LineClearing: Sendable {
    /// Longer than an attempt that was under way.
    static let after = Duration.seconds(15)
    private static let batch = 500
    /// Batches at a stretch. Together they stay far below the time that work may take.
    private static let stretch = 20

    let database: Database
    let clock: any DomainClock
    let scheduler: Scheduler
    let lines = LineStore()

    func register() {
        scheduler.on(ClearLine.self) { work -> ScheduledOutcome in
            for _ in 0..<Self.stretch {
                if try await database.transaction({ tx in try await clearSome(of: work.subject, in: tx) }) {
                    return .done
                }
            }
            return .again(at: clock.now)
        }
    }

    /// Has lines take nothing more, and what belongs to them deleted. The time it takes does not grow with that.
    func remove(_ ids: [EndpointID], in tx: Transaction) async throws {
        try await schedule(try await lines.remove(ids, at: clock.now, in: tx), in: tx)
    }

    /// To be called in the transaction that closes or removes the lines.
    func schedule(_ ids: [EndpointID], in tx: Transaction) async throws {
        for id in ids { try await scheduler.schedule(ClearLine(id), at: clock.now + Self.after, in: tx) }
    }

    /// - Returns: Whether nothing is left.
    private func clearSome(of id: EndpointID, in tx: Transaction) async throws -> Bool {
        try await PlansByIndex.require(in: tx)
        let state: (isClosed: Bool, isRemoved: Bool)? = try await tx.first(
            """
            SELECT closed_at IS NOT NULL AS is_closed, removed_at IS NOT NULL AS is_removed
              FROM lines WHERE id = \(id) FOR UPDATE
            """
        ) { (try $0.decode("is_closed"), try $0.decode("is_removed")) }
        // Enabled again meanwhile: what waits is sent.
        guard let state, state.isClosed || state.isRemoved else { return true }
        guard try await clearPending(of: id, keeping: !state.isRemoved, in: tx) == 0 else { return false }
        guard state.isRemoved else { return true }
        let deleted = try await tx.execute(
            """
            WITH gone AS (
                DELETE FROM deliveries
                 WHERE id IN (SELECT id FROM deliveries WHERE line_id = \(id) ORDER BY created_at DESC, id DESC
                               LIMIT \(Self.batch))
                RETURNING id
            ),
            attempts AS (DELETE FROM delivery_attempts USING gone WHERE delivery_id = gone.id)
            SELECT FROM gone
            """
        )
        guard deleted == 0 else { return false }
        try await tx.execute("DELETE FROM lines WHERE id = \(id)")
        return true
    }

    /// Deletes some of what waits, or lets it fail.
    ///
    /// - Returns: How many.
    private func clearPending(of id: EndpointID, keeping isKept: Bool, in tx: Transaction) async throws -> Int {
        try await tx.execute(
            """
            WITH gone AS (
                DELETE FROM pending_deliveries
                 WHERE id IN (
                    (SELECT id FROM pending_deliveries WHERE line_id = \(id) AND tries = 0
                      ORDER BY position LIMIT \(Self.batch))
                    UNION ALL
                    (SELECT id FROM pending_deliveries WHERE line_id = \(id) AND tries > 0
                      ORDER BY due_at LIMIT \(Self.batch)))
                RETURNING id, event_id, earlier + tries AS attempt_count, created_at
            ),
            failed AS (
                INSERT INTO deliveries (id, event_id, line_id, state, attempt_count, created_at, finished_at)
                SELECT id, event_id, \(id), \(DeliveryState.failed), attempt_count, created_at, \(clock.now)
                  FROM gone WHERE \(isKept)
                ON CONFLICT DO NOTHING
            ),
            attempts AS (DELETE FROM delivery_attempts USING gone WHERE delivery_id = gone.id AND NOT \(isKept))
            SELECT FROM gone
            """
        )
    }
}

/// Clears up after one webhook or channel.
struct ClearLine: WorkOnSubject {
    static let kind = "line.clear"
    let subject: EndpointID
}
