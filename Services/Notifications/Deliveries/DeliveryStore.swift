import Postgres
import ServiceKit
import SharedModels

/// The engine's statements on deliveries and their attempts.
///
/// Due times follow the marketplace's clock. Leases use PostgreSQL's own time, because they concern processes.
struct DeliveryStore: Sendable {
    /// How many due deliveries one look reads before it divides them among the endpoints.
    private static let window = 500

    /// Whether every earlier event about the same thing was already tried at this endpoint.
    private static let isNext: SQL = """
        NOT EXISTS (
            SELECT FROM deliveries AS earlier
             WHERE earlier.endpoint_id = deliveries.endpoint_id AND earlier.aggregate = deliveries.aggregate
               AND earlier.sequence < deliveries.sequence AND earlier.state = 'pending'
               AND earlier.attempt_count <= 1 AND (earlier.attempt_count = 0 OR earlier.claim IS NOT NULL))
        """

    /// Claims up to `limit` due deliveries, at most `share` for one endpoint, the oldest first.
    ///
    /// - Parameter busy: Endpoints whose share is already under way.
    func claim(
        _ limit: Int, share: Int, except busy: [EndpointID], at now: Timestamp, lease: Duration,
        in executor: some SQLExecutor
    ) async throws -> [Delivery] {
        try await executor.all(
            """
            WITH due AS (
                SELECT id, endpoint_id, next_attempt_at
                  FROM deliveries
                 WHERE state = 'pending' AND next_attempt_at <= \(now)
                   AND (lease_until IS NULL OR lease_until < clock_timestamp())
                   AND endpoint_id <> ALL (\(busy)) AND \(fragment: Self.isNext)
                 ORDER BY next_attempt_at
                 LIMIT \(Self.window)
            ),
            ranked AS (
                SELECT id, next_attempt_at,
                       row_number() OVER (PARTITION BY endpoint_id ORDER BY next_attempt_at, id) AS place
                  FROM due
            ),
            chosen AS (
                SELECT deliveries.id
                  FROM deliveries JOIN ranked ON ranked.id = deliveries.id
                 WHERE place <= \(share) AND state = 'pending'
                   AND (lease_until IS NULL OR lease_until < clock_timestamp())
                 ORDER BY ranked.next_attempt_at
                 LIMIT \(limit)
                   FOR UPDATE OF deliveries SKIP LOCKED
            ),
            claimed AS (
                UPDATE deliveries
                   SET claim = \(ClaimID.make(at: now)), attempt_count = attempt_count + 1,
                       lease_until = clock_timestamp() + \(lease.wholeMilliseconds) * interval '1 millisecond'
                  FROM chosen
                 WHERE deliveries.id = chosen.id
                RETURNING deliveries.id, event_id, webhook_id, channel_id, endpoint_id, attempt_count, claim, created_at
            )
            SELECT claimed.id, claimed.endpoint_id, claimed.attempt_count, claimed.claim, claimed.created_at,
                   events.id AS event_id, events.name, events.body, events.request_id,
                   webhooks.id AS webhook_id, webhooks.url, webhooks.sealed_secret, webhooks.retry_policy,
                   channel_type, chat_id, webhook_url, address
              FROM claimed
              JOIN events ON events.id = claimed.event_id
              LEFT JOIN webhooks ON webhooks.id = claimed.webhook_id
              LEFT JOIN channels ON channels.id = claimed.channel_id
            """,
            Delivery.init(row:)
        )
    }

    /// When the next delivery is due that no process is working on; `nil` when there is no such delivery.
    func nextDue(except busy: [EndpointID], in executor: some SQLExecutor) async throws -> Timestamp? {
        try await executor.first(
            """
            SELECT next_attempt_at
              FROM deliveries
             WHERE state = 'pending' AND (lease_until IS NULL OR lease_until < clock_timestamp())
               AND endpoint_id <> ALL (\(busy)) AND \(fragment: Self.isNext)
             ORDER BY next_attempt_at
             LIMIT 1
            """
        ) { try $0.decode("next_attempt_at") }
    }

    /// Stores the result of an attempt. It has no effect if another process took the attempt over, or the endpoint was
    /// removed.
    ///
    /// - Parameter next: When to try again; `nil` when `state` is final.
    func record(
        _ result: AttemptResult, of delivery: Delivery, startedAt: Timestamp, state: DeliveryState, next: Timestamp?,
        at now: Timestamp, in executor: some SQLExecutor
    ) async throws {
        try await executor.execute(
            """
            WITH settled AS (
                UPDATE deliveries
                   SET state = \(state), next_attempt_at = \(next), claim = NULL, lease_until = NULL,
                       finished_at = \(next == nil ? now : nil)
                 WHERE id = \(delivery.id) AND claim = \(delivery.claim)
                RETURNING id
            )
            INSERT INTO delivery_attempts (delivery_id, number, at, status, duration_ms, response_body, error)
            SELECT id, \(delivery.attempt), \(startedAt), \(result.status), \(max(0, result.duration.wholeMilliseconds)),
                   \(result.responseBody), \(result.error)
              FROM settled
            """
        )
    }

    /// Ends the pending deliveries to a webhook.
    func giveUp(on webhook: WebhookID, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE deliveries
               SET state = \(DeliveryState.failed), next_attempt_at = NULL, claim = NULL, lease_until = NULL,
                   finished_at = \(now)
             WHERE webhook_id = \(webhook) AND state = 'pending'
            """
        )
    }
}

extension Delivery {
    fileprivate init(row: Row) throws {
        let endpoint: Endpoint
        if let webhook: WebhookID = try row.decode("webhook_id") {
            endpoint = .webhook(
                webhook, url: try row.decode("url"), sealedSecret: try row.decode("sealed_secret"),
                try row.decode("retry_policy"))
        } else {
            endpoint = .channel(try ChannelTarget(row: row))
        }
        self.init(
            id: try row.decode("id"), endpointID: try row.decode("endpoint_id"), endpoint: endpoint,
            eventID: try row.decode("event_id"), eventName: try row.decode("name"),
            body: Array(try row.decode("body", as: String.self).utf8), requestID: try row.decode("request_id"),
            attempt: Int(try row.decode("attempt_count", as: Int32.self)), createdAt: try row.decode("created_at"),
            claim: try row.decode("claim"))
    }
}

extension DeliveryState: PostgresValue {}
