import Postgres
import ServiceKit
import SharedModels

/// Why a line takes nothing more.
enum LineEnding: Sendable {
    /// What it sent stays to be seen.
    case closed
    case removed
}

/// The statements that clear up after a line, some rows at a time. Those with a limit need ``PlansByIndex``.
extension LineStore {
    /// Why a line takes nothing more; `nil` when it takes deliveries, or is gone. Its row is locked.
    func lockEnding(of id: LineID, in tx: Transaction) async throws -> LineEnding? {
        let ending: LineEnding?? = try await tx.first(
            """
            SELECT closed_at IS NOT NULL AS is_closed, removed_at IS NOT NULL AS is_removed
              FROM lines WHERE id = \(id) FOR UPDATE
            """
        ) { row in
            if try row.decode("is_removed", as: Bool.self) { return .removed }
            return try row.decode("is_closed", as: Bool.self) ? .closed : nil
        }
        return ending ?? nil
    }

    /// Deletes some of what waits, or lets it fail.
    ///
    /// - Returns: How many.
    func deletePending(
        of id: LineID, keeping isKept: Bool, limit: Int, at now: Timestamp, in tx: Transaction
    ) async throws -> Int {
        try await tx.execute(
            """
            WITH gone AS (
                DELETE FROM pending_deliveries
                 WHERE id = ANY(ARRAY(
                    (SELECT id FROM pending_deliveries WHERE line_id = \(id) AND tries = 0
                      ORDER BY position LIMIT \(limit))
                    UNION ALL
                    (SELECT id FROM pending_deliveries WHERE line_id = \(id) AND tries > 0
                      ORDER BY due_at LIMIT \(limit))))
                RETURNING id, event_id, earlier + tries AS attempt_count, created_at
            ),
            failed AS (
                INSERT INTO deliveries (id, event_id, line_id, state, attempt_count, created_at, finished_at)
                SELECT id, event_id, \(id), \(DeliveryState.failed), attempt_count, created_at, \(now)
                  FROM gone WHERE \(isKept)
                ON CONFLICT DO NOTHING
            ),
            attempts AS (
                DELETE FROM delivery_attempts WHERE delivery_id = ANY(ARRAY(SELECT id FROM gone)) AND NOT \(isKept)
            )
            SELECT FROM gone
            """
        )
    }

    /// Deletes some deliveries that are over.
    ///
    /// - Returns: How many.
    func deleteHistory(of id: LineID, limit: Int, in tx: Transaction) async throws -> Int {
        try await tx.execute(
            """
            WITH gone AS (
                DELETE FROM deliveries
                 WHERE id = ANY(ARRAY(
                    SELECT id FROM deliveries WHERE line_id = \(id) ORDER BY created_at DESC, id DESC LIMIT \(limit)))
                RETURNING id
            ),
            attempts AS (DELETE FROM delivery_attempts WHERE delivery_id = ANY(ARRAY(SELECT id FROM gone)))
            SELECT FROM gone
            """
        )
    }

    func delete(_ id: LineID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM lines WHERE id = \(id)")
    }
}
