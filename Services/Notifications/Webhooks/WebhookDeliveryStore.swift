import Postgres
import ServiceKit
import SharedModels

/// What an owner sees of the deliveries to a webhook, and sends again. The statements on `deliveries` that the engine does
/// not need.
struct WebhookDeliveryStore: Sendable {
    /// A delivery that is over has its last attempt in its row.
    private static let lastAttempt: SQL = "last_at, last_status, last_duration_ms, last_body, last_error"
    private static let noAttempt: SQL = "NULL, NULL, NULL, NULL, NULL"

    /// The newest first.
    func page(
        of line: LineID, after cursor: PageCursor?, limit: Int, in executor: some SQLExecutor
    ) async throws -> Page<WebhookDelivery> {
        let cursor = cursor ?? .newest
        let page = try await executor.page(
            """
            SELECT delivery.*, events.name
              FROM (
                (SELECT id, event_id, state, NULL::timestamptz AS due_at, created_at, finished_at,
                        \(fragment: Self.lastAttempt)
                   FROM deliveries
                  WHERE line_id = \(line) AND (created_at, id) < (\(cursor.moment), \(cursor.id))
                  ORDER BY created_at DESC, id DESC LIMIT \(limit + 1))
                UNION ALL
                (SELECT id, event_id, 'pending', due_at, created_at, NULL, \(fragment: Self.noAttempt)
                   FROM pending_deliveries
                  WHERE line_id = \(line) AND (created_at, id) < (\(cursor.moment), \(cursor.id))
                  ORDER BY created_at DESC, id DESC LIMIT \(limit + 1))
              ) AS delivery
              JOIN events ON events.id = event_id
             ORDER BY created_at DESC, delivery.id DESC LIMIT \(limit + 1)
            """, limit: limit, WebhookDelivery.init(row:)
        ) { PageCursor($0.createdAt, $0.id) }
        let earlier = try await earlierAttempts(of: page.items.map(\.id), in: executor)
        return page.map { delivery in
            var delivery = delivery
            delivery.attempts = (earlier[delivery.id] ?? []) + delivery.attempts
            return delivery
        }
    }

    func find(
        _ id: DeliveryID, of line: LineID, in executor: some SQLExecutor
    ) async throws -> WebhookDelivery? {
        let found = try await executor.first(
            """
            SELECT delivery.*, events.name
              FROM (
                SELECT id, event_id, state, NULL::timestamptz AS due_at, created_at, finished_at,
                       \(fragment: Self.lastAttempt)
                  FROM deliveries
                 WHERE id = \(id) AND line_id = \(line)
                UNION ALL
                SELECT id, event_id, 'pending', due_at, created_at, NULL, \(fragment: Self.noAttempt)
                  FROM pending_deliveries
                 WHERE id = \(id) AND line_id = \(line)
              ) AS delivery
              JOIN events ON events.id = event_id
            """,
            WebhookDelivery.init(row:)
        )
        guard var delivery = found else { return nil }
        delivery.attempts = (try await earlierAttempts(of: [id], in: executor)[id] ?? []) + delivery.attempts
        return delivery
    }

    /// Puts deliveries that are over into their line once more. Lock the line first.
    ///
    /// - Parameter chosen: A statement for the ids of deliveries.
    /// - Returns: How many.
    func replay(_ chosen: SQL, at now: Timestamp, in tx: Transaction) async throws -> Int {
        try await tx.execute(
            """
            WITH again AS (
                DELETE FROM deliveries WHERE id = ANY(ARRAY(\(fragment: chosen)))
                RETURNING id, line_id, event_id, attempt_count, created_at, \(fragment: Self.lastAttempt)
            ),
            attempts AS (
                INSERT INTO delivery_attempts (delivery_id, number, at, status, duration_ms, response_body, error)
                SELECT id, attempt_count, \(fragment: Self.lastAttempt) FROM again WHERE last_at IS NOT NULL
                ON CONFLICT DO NOTHING
            )
            INSERT INTO pending_deliveries (id, line_id, event_id, aggregate, earlier, due_at, created_at, begun_at)
            SELECT again.id, line_id, event_id, aggregate, attempt_count, \(now), again.created_at, \(now)
              FROM again JOIN events ON events.id = event_id
             ORDER BY again.created_at, sequence, again.id
            """
        )
    }

    func replay(_ id: DeliveryID, of line: LineID, at now: Timestamp, in tx: Transaction) async throws -> Bool {
        try await replay(
            "SELECT id FROM deliveries WHERE id = \(id) AND line_id = \(line)", at: now, in: tx) == 1
    }

    /// Replays the oldest of those created from `start` on and before `end`.
    func replay(
        of line: LineID, in state: DeliveryState, from start: Timestamp, to end: Timestamp, limit: Int,
        at now: Timestamp, in tx: Transaction
    ) async throws -> Replayed {
        let chosen: SQL = """
            FROM deliveries
             WHERE line_id = \(line) AND state = \(state) AND created_at >= \(start) AND created_at < \(end)
             ORDER BY created_at, id
            """
        let count = try await replay("SELECT id \(fragment: chosen) LIMIT \(limit)", at: now, in: tx)
        let next: Timestamp? = try await tx.first("SELECT created_at \(fragment: chosen) LIMIT 1") {
            try $0.decode("created_at")
        }
        return Replayed(count: count, nextFrom: next)
    }

    private func earlierAttempts(
        of ids: [DeliveryID], in executor: some SQLExecutor
    ) async throws -> [DeliveryID: [DeliveryAttempt]] {
        let rows = try await executor.all(
            """
            SELECT delivery_id, at, status, duration_ms, response_body, error FROM delivery_attempts
             WHERE delivery_id = ANY(\(ids)) ORDER BY delivery_id, number
            """
        ) { row -> (id: DeliveryID, attempt: DeliveryAttempt) in
            let attempt = DeliveryAttempt(
                at: try row.decode("at"), status: try row.decode("status", as: Int32?.self).map(Int.init),
                duration: .milliseconds(try row.decode("duration_ms", as: Int64.self)),
                responseBody: try row.decode("response_body"), error: try row.decode("error"))
            return (try row.decode("delivery_id"), attempt)
        }
        return Dictionary(grouping: rows, by: \.id).mapValues { $0.map(\.attempt) }
    }
}

extension WebhookDelivery {
    /// With its last attempt, if it is over.
    fileprivate init(row: Row) throws {
        let last = try row.decode("last_at", as: Timestamp?.self).map { at in
            DeliveryAttempt(
                at: at, status: try row.decode("last_status", as: Int32?.self).map(Int.init),
                duration: .milliseconds(try row.decode("last_duration_ms", as: Int64.self)),
                responseBody: try row.decode("last_body"), error: try row.decode("last_error"))
        }
        self.init(
            id: try row.decode("id"), eventID: try row.decode("event_id"), event: try row.decode("name"),
            state: try row.decode("state"), attempts: last.map { [$0] } ?? [],
            nextAttemptAt: try row.decode("due_at"),
            createdAt: try row.decode("created_at"), finishedAt: try row.decode("finished_at"))
    }
}
