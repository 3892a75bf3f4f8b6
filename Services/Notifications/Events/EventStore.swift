import Postgres
import ServiceKit
import SharedModels

/// Stores events, and to whom they must be delivered.
struct EventStore: Sendable {
    /// Stores an event once, with a delivery for each of its recipients' webhooks and channels that subscribed to it.
    func insertIfAbsent(_ event: ReceivedEvent, at now: Timestamp, in tx: Transaction) async throws {
        let envelope = event.envelope
        try await tx.execute(
            """
            WITH stored AS (
                INSERT INTO events (id, aggregate, sequence, name, recipients, body, at, request_id, received_at)
                VALUES (\(envelope.id), \(envelope.aggregate), \(envelope.sequence), \(envelope.name),
                        \(envelope.recipients), \(String(decoding: event.body, as: UTF8.self)), \(envelope.at),
                        \(envelope.requestID), \(now))
                ON CONFLICT (id) DO NOTHING
                RETURNING id, name, recipients
            ),
            endpoints AS (
                SELECT stored.id AS event_id, owner_id, webhooks.id AS webhook_id, NULL::uuid AS channel_id
                  FROM stored JOIN webhooks ON owner_id = ANY (recipients)
                 WHERE stored.name = ANY (webhooks.events) AND disabled_at IS NULL
                UNION ALL
                SELECT stored.id, owner_id, NULL, channels.id
                  FROM stored JOIN channels ON owner_id = ANY (recipients)
                 WHERE stored.name = ANY (enabled_events)
            )
            INSERT INTO deliveries (id, event_id, aggregate, sequence, owner_id, webhook_id, channel_id, state,
                                    next_attempt_at, created_at)
            SELECT gen_random_uuid(), event_id, \(envelope.aggregate), \(envelope.sequence), owner_id, webhook_id,
                   channel_id, 'pending', \(now), \(now)
              FROM endpoints
            """
        )
    }

    /// Deletes up to `limit` events that came before `moment`, with their deliveries.
    ///
    /// - Returns: How many were deleted.
    func prune(before moment: Timestamp, limit: Int, in executor: some SQLExecutor) async throws -> Int {
        try await executor.execute(
            """
            DELETE FROM events
             WHERE id IN (SELECT id FROM events WHERE received_at < \(moment) ORDER BY received_at LIMIT \(limit))
            """
        )
    }
}
