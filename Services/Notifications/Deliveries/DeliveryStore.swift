import Postgres
import ServiceKit
import SharedModels

/// The engine's statements on deliveries and their attempts. They need ``PlansByIndex``.
struct DeliveryStore: Sendable {
    /// Reads the next deliveries of lines: those that were never tried in the order in which they were told, and those
    /// whose next attempt is due.
    ///
    /// - Parameter inHand: Deliveries that the caller has already.
    func read(
        _ asks: [LineAsk], except inHand: [DeliveryID], at now: Timestamp, in tx: Transaction
    ) async throws -> [Delivery] {
        var orphans: [DeliveryID] = []
        let found = try await tx.all(Self.reading(asks, except: inHand, at: now)) { row -> Delivery? in
            if let delivery = try Delivery(row: row) { return delivery }
            orphans.append(try row.decode("id"))
            return nil
        }
        if !orphans.isEmpty { try await tx.execute("DELETE FROM pending_deliveries WHERE id = ANY(\(orphans))") }
        return found.compactMap(\.self)
    }

    /// The statement of ``read(_:except:at:in:)``: an index probe for each line, and one for each delivery's event.
    static func reading(_ asks: [LineAsk], except inHand: [DeliveryID], at now: Timestamp) -> SQL {
        """
        SELECT pending.id, pending.line_id, pending.position, pending.tries, pending.earlier, pending.begun_at,
               pending.aggregate, event.id AS event_id, event.name, event.body, event.request_id,
               webhooks.id AS webhook_id, webhooks.url, webhooks.sealed_secret, webhooks.retry_policy,
               webhooks.format,
               CASE WHEN webhooks.former_until > \(now) THEN webhooks.former_secret END AS former_secret,
               channels.id AS channel_id, channel_type, chat_id, webhook_url, address,
               channels.owner_id AS reader_id, reading.locale
          FROM unnest(\(asks.map(\.line)), \(asks.map(\.after)), \(asks.map { Int64($0.count) }))
               AS ask (line_id, after, count)
         CROSS JOIN LATERAL (
            (SELECT * FROM pending_deliveries
              WHERE line_id = ask.line_id AND tries = 0 AND position > ask.after
              ORDER BY position LIMIT ask.count)
            UNION ALL
            (SELECT * FROM pending_deliveries
              WHERE line_id = ask.line_id AND tries > 0 AND due_at <= \(now) AND id <> ALL (\(inHand))
              ORDER BY due_at LIMIT (ask.count + 1) / 2)
         ) AS pending
          LEFT JOIN LATERAL (SELECT * FROM events WHERE id = pending.event_id LIMIT 1) AS event ON true
          LEFT JOIN LATERAL (SELECT * FROM webhooks WHERE id = ask.line_id LIMIT 1) AS webhooks ON true
          LEFT JOIN LATERAL (SELECT * FROM channels WHERE id = ask.line_id LIMIT 1) AS channels ON true
          LEFT JOIN LATERAL (
            SELECT locale FROM reading_settings WHERE account_id = channels.owner_id LIMIT 1) AS reading ON true
        """
    }

    /// Stores the results of attempts. A delivery that is not pending any more, because its destination was removed or
    /// another process has stored its end, is left alone.
    func record(_ outcomes: [AttemptOutcome], at now: Timestamp, in tx: Transaction) async throws {
        let (over, again) = (outcomes.filter { $0.next == nil }, outcomes.filter { $0.next != nil })
        // An empty list of ids is no condition for an index.
        if !again.isEmpty { try await tx.executeLater(Self.postponing(again, at: now)) }
        if !over.isEmpty { try await tx.execute(Self.ending(over, at: now)) }
    }

    /// Each result is found by its delivery's place. To join them instead costs the product of both, and with a
    /// plan for an empty table all that waits (``PlansByIndex``).
    static func postponing(_ outcomes: [AttemptOutcome], at now: Timestamp) -> SQL {
        let ids = outcomes.map(\.delivery.id)
        return """
            WITH again AS (
                UPDATE pending_deliveries
                   SET tries = (\(outcomes.map { Int32($0.delivery.tries + 1) }))[array_position(\(ids), id)],
                       due_at = (\(outcomes.map { $0.next ?? now }))[array_position(\(ids), id)]
                 WHERE id = ANY(\(ids))
                RETURNING id, array_position(\(ids), id) AS place
            )
            INSERT INTO delivery_attempts (delivery_id, number, at, status, duration_ms, response_body, error)
            SELECT id, \(fragment: attempts(of: outcomes)) FROM again
            ON CONFLICT DO NOTHING
            """
    }

    /// See ``postponing(_:at:)``.
    static func ending(_ outcomes: [AttemptOutcome], at now: Timestamp) -> SQL {
        let ids = outcomes.map(\.delivery.id)
        return """
            WITH gone AS (
                DELETE FROM pending_deliveries WHERE id = ANY(\(ids))
                RETURNING id, event_id, line_id, created_at, array_position(\(ids), id) AS place
            )
            INSERT INTO deliveries
                (id, event_id, line_id, created_at, finished_at, state,
                 attempt_count, last_at, last_status, last_duration_ms, last_body, last_error)
            SELECT id, event_id, line_id, created_at, \(now),
                   (\(outcomes.map(\.result.verdict.finalState)))[place], \(fragment: attempts(of: outcomes))
              FROM gone
            ON CONFLICT DO NOTHING
            """
    }

    /// An attempt's number, time, status, duration, answer and error, at `place`.
    private static func attempts(of outcomes: [AttemptOutcome]) -> SQL {
        let results = outcomes.map(\.result)
        return """
            (\(outcomes.map { Int32($0.delivery.attempt) }))[place], (\(outcomes.map(\.startedAt)))[place],
            nullif((\(results.map { Int32($0.status ?? 0) }))[place], 0),
            (\(results.map { max(0, $0.duration.wholeMilliseconds) }))[place],
            (\(results.map(\.responseBody)))[place], nullif((\(results.map { $0.error ?? "" }))[place], '')
            """
    }
}

/// The result of an attempt, and what follows from it.
struct AttemptOutcome: Sendable {
    let delivery: Delivery
    let result: AttemptResult
    let startedAt: Timestamp
    /// When to try again; `nil` when the delivery is over.
    let next: Timestamp?
}

/// How an attempt ended.
enum AttemptEnding: Sendable {
    case counts(AttemptOutcome)
    /// By our own shutdown.
    case brokenOff
    /// The provider wants to be asked again then.
    case postponed(until: Timestamp)
}

extension Delivery {
    /// `nil` when its event or destination does not exist any more.
    fileprivate init?(row: Row) throws {
        guard let eventID: EventID = try row.decode("event_id") else { return nil }
        let destination: Destination
        if let webhook: WebhookID = try row.decode("webhook_id") {
            destination = .webhook(
                WebhookTarget(
                    id: webhook, url: try row.decode("url"), sealedSecret: try row.decode("sealed_secret"),
                    sealedFormerSecret: try row.decodeIfPresent("former_secret"),
                    retryPolicy: try row.decode("retry_policy"), format: try row.decode("format")))
        } else if try row.decode("channel_id", as: ChannelID?.self) != nil {
            let language: Language? = try row.decodeIfPresent("locale")
            destination = .channel(
                try ChannelTarget(row: row),
                of: Reader(account: try row.decode("reader_id"), language: language ?? ReadingSettings.standard))
        } else {
            return nil
        }
        self.init(
            id: try row.decode("id"), lineID: try row.decode("line_id"), destination: destination,
            eventID: eventID, eventName: try row.decode("name"),
            body: Array(try row.decode("body", as: String.self).utf8), requestID: try row.decode("request_id"),
            aggregate: try row.decode("aggregate"), position: try row.decode("position"),
            tries: Int(try row.decode("tries", as: Int32.self)),
            earlier: Int(try row.decode("earlier", as: Int32.self)), begunAt: try row.decode("begun_at"))
    }
}

extension DeliveryState: PostgresValue {}
