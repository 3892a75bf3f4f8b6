import Postgres
import ServiceKit
import SharedModels

/// Stores events, and to whom they must be delivered.
struct EventStore: Sendable {
    let feed = FeedStore()

    /// Stores events once, and puts each into the lines of the webhooks and channels that its recipients subscribed to it.
    ///
    /// The lines are locked meanwhile. So positions in a line are in the order of the commits, and a line that is just
    /// being given back or removed is seen as it will be.
    ///
    /// - Returns: Those that were not stored before, and the lines into which they may have come.
    func insertIfAbsent(
        _ events: [ReceivedEvent], at now: Timestamp, in tx: Transaction
    ) async throws -> (fresh: Set<EventID>, lines: [LineID]) {
        try await PlansByIndex.require(in: tx, with: FeedStore.locking, maySort: true)
        let fresh = try await insert(events, at: now, in: tx)
        let told = events.filter { fresh.contains($0.envelope.id) }.map(\.envelope)
        guard !told.isEmpty else { return (fresh, []) }
        try await feed.ring(for: told, in: tx)
        let lines = try await lock(
            of: Array(Set(told.flatMap(\.recipients))), for: Array(Set(told.map(\.name))), in: tx)
        guard !lines.isEmpty else { return (fresh, []) }
        try await tx.execute(Self.adding(told, to: lines, at: now))
        return (fresh, lines)
    }

    static func adding(_ told: [EventEnvelope], to lines: [LineID], at now: Timestamp) -> SQL {
        let ids = told.map(\.id)
        return """
            WITH added AS (
                INSERT INTO pending_deliveries (id, line_id, event_id, aggregate, due_at, created_at, begun_at)
                SELECT \(fragment: newID(at: now)), subscriber.id, events.id, aggregate, \(now), \(now), \(now)
                  FROM events
                  JOIN (
                    SELECT id, owner_id, events AS names FROM webhooks WHERE id = ANY(\(lines))
                    UNION ALL
                    SELECT id, owner_id, enabled_events FROM channels
                     WHERE id = ANY(\(lines)) AND confirmed_at IS NOT NULL
                  ) AS subscriber ON owner_id = ANY (recipients) AND name = ANY (names)
                 WHERE events.id = ANY(\(ids))
                 ORDER BY array_position(\(ids), events.id)
                RETURNING line_id
            )
            UPDATE lines SET due_at = greatest(\(now), paused_until)
             WHERE id = ANY(ARRAY(SELECT line_id FROM added))
               AND (due_at IS NULL OR due_at > greatest(\(now), paused_until))
            """
    }

    /// An expression that makes an id for each row, a UUID of version 7. So the index entries of a moment stand together:
    /// spread over all that waits, nearly each would cost the log a whole page.
    private static func newID(at now: Timestamp) -> SQL {
        """
        (lpad(to_hex(\(now.microseconds / 1000)), 12, '0') || '7'
         || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid
        """
    }

    /// Puts an event of our own into these lines alone. They need not subscribe to it.
    ///
    /// - Returns: The deliveries.
    @discardableResult
    func tell(
        _ lines: [LineID], of event: ReceivedEvent, at now: Timestamp, in tx: Transaction
    ) async throws -> [DeliveryID] {
        let concernsSomebody = !event.envelope.recipients.isEmpty
        if concernsSomebody { try await feed.lock(in: tx) }
        _ = try await insert([event], at: now, in: tx)
        if concernsSomebody { try await feed.ring(for: [event.envelope], in: tx) }
        return try await tx.all(
            """
            WITH open AS (
                SELECT id FROM lines WHERE id = ANY(\(lines)) AND closed_at IS NULL AND removed_at IS NULL
                 ORDER BY id FOR NO KEY UPDATE
            ),
            added AS (
                INSERT INTO pending_deliveries (id, line_id, event_id, aggregate, due_at, created_at, begun_at)
                SELECT \(fragment: Self.newID(at: now)), id, \(event.envelope.id), \(event.envelope.aggregate), \(now),
                       \(now), \(now)
                  FROM open
                RETURNING id, line_id
            ),
            due AS (
                UPDATE lines SET due_at = greatest(\(now), paused_until)
                 WHERE id = ANY(ARRAY(SELECT line_id FROM added))
            )
            SELECT id FROM added
            """
        ) { try $0.decode("id") }
    }

    /// Stores events, and shows them in the feed.
    ///
    /// - Returns: Those that were not stored before.
    private func insert(_ events: [ReceivedEvent], at now: Timestamp, in tx: Transaction) async throws -> Set<EventID> {
        Set(try await tx.all(Self.storing(events, at: now)) { try $0.decode("id") })
    }

    private static func storing(_ events: [ReceivedEvent], at now: Timestamp) -> SQL {
        let envelopes = events.map(\.envelope)
        // An array of arrays must be a rectangle, so each list of recipients is a text.
        let recipients = envelopes.map { "{\($0.recipients.map { "\($0)" }.joined(separator: ","))}" }
        return """
            WITH fresh AS (
                INSERT INTO events (id, aggregate, sequence, name, recipients, body, at, request_id, received_at)
                SELECT id, aggregate, sequence, name, recipients::uuid[], body, at, nullif(request_id, ''), \(now)
                  FROM unnest(\(envelopes.map(\.id)), \(envelopes.map(\.aggregate)), \(envelopes.map(\.sequence)),
                              \(envelopes.map(\.name)), \(recipients),
                              \(events.map { String(decoding: $0.body, as: UTF8.self) }), \(envelopes.map(\.at)),
                              \(envelopes.map { $0.requestID ?? "" }))
                       AS given (id, aggregate, sequence, name, recipients, body, at, request_id)
                ON CONFLICT (id) DO NOTHING
                RETURNING id, recipients, received_at
            ),
            shown AS (\(fragment: FeedStore.adding(envelopes, from: "fresh")))
            SELECT id FROM fresh
            """
    }

    /// The lines of `owners` that take an event of these names, locked.
    private func lock(of owners: [AccountID], for names: [String], in tx: Transaction) async throws -> [LineID] {
        try await tx.all(Self.locking(of: owners, for: names)) { try $0.decode("id") }
    }

    /// In the order of their ids, but not by the index of ids, which would be read whole.
    static func locking(of owners: [AccountID], for names: [String]) -> SQL {
        """
        SELECT id FROM lines
         WHERE owner_id = ANY(\(owners)) AND closed_at IS NULL AND removed_at IS NULL
           AND (EXISTS (SELECT FROM webhooks WHERE webhooks.id = lines.id AND events && \(names))
                OR EXISTS (SELECT FROM channels
                       WHERE channels.id = lines.id AND confirmed_at IS NOT NULL AND enabled_events && \(names)))
         ORDER BY greatest(id)
           FOR NO KEY UPDATE
        """
    }

    /// Deletes up to `limit` events that came before `moment`, with the deliveries that are over. One that is
    /// still pending is dropped when its turn comes. Needs ``PlansByIndex``.
    ///
    /// - Returns: How many were deleted.
    func prune(before moment: Timestamp, limit: Int, in tx: Transaction) async throws -> Int {
        try await tx.execute(
            """
            WITH old AS (
                SELECT id FROM events WHERE received_at < \(moment) ORDER BY received_at LIMIT \(limit)
            ),
            gone AS (DELETE FROM deliveries WHERE event_id = ANY(ARRAY(SELECT id FROM old)) RETURNING id),
            attempts AS (DELETE FROM delivery_attempts WHERE delivery_id = ANY(ARRAY(SELECT id FROM gone))),
            shown AS (DELETE FROM feed WHERE event_id = ANY(ARRAY(SELECT id FROM old)))
            DELETE FROM events WHERE id = ANY(ARRAY(SELECT id FROM old))
            """
        )
    }
}
