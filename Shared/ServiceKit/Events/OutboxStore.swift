import Postgres
import SharedModels

/// The relay's statements on the outbox.
///
/// Leases use PostgreSQL's own time: they concern processes, and the marketplace's clock can jump.
struct OutboxStore: Sendable {
    static let channel = "guildhall_outbox"

    let database: Database

    /// An event and its place in the outbox.
    struct Entry: Sendable {
        let position: Int64
        let aggregate: EventAggregate
        /// Whether its destination has refused it before.
        let wasRefused: Bool
        /// The event, or why its row cannot be read.
        let event: Result<EventEnvelope, any Error>
    }

    /// The names of all destinations that have events waiting. An index probe for each.
    func destinations() async throws -> [String] {
        try await database.all(
            """
            WITH RECURSIVE waiting AS (
                (SELECT destination FROM outbox ORDER BY destination LIMIT 1)
                UNION ALL
                SELECT (SELECT destination FROM outbox WHERE outbox.destination > waiting.destination
                         ORDER BY destination LIMIT 1)
                  FROM waiting WHERE waiting.destination IS NOT NULL
            )
            SELECT destination FROM waiting WHERE destination IS NOT NULL
            """
        ) { try $0.decode("destination") }
    }

    /// The oldest entries for `destination` that may be sent now: up to `limit`, and up to about `bytes` but at least
    /// one. Those of a thing wait behind a refused one.
    ///
    /// Lower positions may still appear later, but never for an aggregate that has an entry here, because its row was
    /// locked until the commit.
    ///
    /// - Returns: Them, and whether no others may be sent now.
    func first(
        _ limit: Int, bytes: Int = .max, for destination: ServiceName
    ) async throws -> (entries: [Entry], isAll: Bool) {
        var found = 0
        let entries = try await database.all(
            """
            SELECT position, id, aggregate, sequence, name, recipients, data, request_id, created_at, was_refused, found
              FROM (
                SELECT oldest.*, count(*) OVER () AS found, sum(size) OVER (ORDER BY position) - size AS size_before
                  FROM (
                    SELECT outbox.*, octet_length(data::text) + 40 * cardinality(recipients) + 400 AS size,
                           EXISTS (SELECT FROM outbox_refusals AS refused
                                    WHERE refused.destination = outbox.destination
                                      AND refused.position = outbox.position) AS was_refused
                      FROM outbox
                     WHERE destination = \(destination.rawValue)
                       AND NOT EXISTS (
                        SELECT FROM outbox_refusals AS refused
                         WHERE refused.destination = outbox.destination AND refused.aggregate = outbox.aggregate
                           AND (refused.position < outbox.position
                                OR refused.position = outbox.position AND refused.next_at > clock_timestamp()))
                     ORDER BY position
                     LIMIT \(limit)
                  ) AS oldest
              ) AS measured
             WHERE size_before = 0 OR size_before + size <= \(Int64(clamping: bytes))
             ORDER BY position
            """
        ) { row in
            found = Int(try row.decode("found", as: Int64.self))
            return try Entry(row: row)
        }
        return (entries, found < limit && entries.count == found)
    }

    func delete(_ positions: [Int64], for destination: ServiceName) async throws {
        try await database.execute(
            "DELETE FROM outbox WHERE destination = \(destination.rawValue) AND position = ANY(\(positions))")
    }

    /// Remembers that `entry` was refused. It is due again after `pause`.
    ///
    /// - Returns: Whether it was refused several times, for longer than `patience`.
    func noteRefusal(
        of entry: Entry, for destination: ServiceName, pause: Duration, patience: Duration
    ) async throws -> Bool {
        try await database.one(
            """
            INSERT INTO outbox_refusals AS refused (destination, position, aggregate, times, since, next_at)
            VALUES (\(destination.rawValue), \(entry.position), \(entry.aggregate), 1, clock_timestamp(),
                    clock_timestamp() + \(pause.wholeMilliseconds) * interval '1 millisecond')
            ON CONFLICT (destination, position) DO UPDATE
               SET times = refused.times + 1, next_at = excluded.next_at
            RETURNING times >= 3
                      AND since < clock_timestamp() - \(patience.wholeMilliseconds) * interval '1 millisecond' AS is_over
            """
        ) { try $0.decode("is_over") }
    }

    func forgetRefusal(of position: Int64, for destination: ServiceName) async throws {
        try await database.execute(
            "DELETE FROM outbox_refusals WHERE destination = \(destination.rawValue) AND position = \(position)")
    }

    /// Turns an entry into a dead letter, so that it does not hold up those behind it.
    func bury(_ position: Int64, for destination: ServiceName, reason: String, at now: Timestamp) async throws {
        try await database.execute(
            """
            WITH gone AS (
                DELETE FROM outbox WHERE destination = \(destination.rawValue) AND position = \(position)
                RETURNING name, row_to_json(outbox)::text AS letter
            ),
            forgotten AS (
                DELETE FROM outbox_refusals
                 WHERE destination = \(destination.rawValue) AND position = \(position)
            )
            \(fragment: DeadLetters.insertion(.outbox, letter: "letter", name: "name", from: "gone", reason, at: now))
            """
        )
    }

    /// Turns the entries for `destination` from before `moment` into dead letters, the oldest first.
    ///
    /// - Returns: How many.
    func bury(destination: String, before moment: Timestamp, reason: String, at now: Timestamp) async throws -> Int {
        try await database.execute(
            """
            WITH gone AS (
                DELETE FROM outbox
                 WHERE destination = \(destination) AND position IN (
                    SELECT position FROM outbox WHERE destination = \(destination) AND created_at <= \(moment)
                     ORDER BY position LIMIT 100)
                RETURNING name, row_to_json(outbox)::text AS letter
            )
            \(fragment: DeadLetters.insertion(.outbox, letter: "letter", name: "name", from: "gone", reason, at: now))
            """
        )
    }

    /// Takes or extends the right to send to `destination`.
    ///
    /// - Returns: `false` when another holder has it.
    func claim(_ destination: ServiceName, for holder: ClaimID, lease: Duration) async throws -> Bool {
        try await database.execute(
            """
            INSERT INTO outbox_leases (destination, holder, lease_until)
            VALUES (\(destination.rawValue), \(holder),
                    clock_timestamp() + \(lease.wholeMilliseconds) * interval '1 millisecond')
            ON CONFLICT (destination) DO UPDATE
               SET holder = excluded.holder, lease_until = excluded.lease_until
             WHERE outbox_leases.holder = excluded.holder OR outbox_leases.lease_until < clock_timestamp()
            """
        ) == 1
    }

    /// Tells the replica that sends to `destination` of events that another one has committed.
    func ring(for destination: ServiceName) async throws {
        _ = try await database.rows("SELECT pg_notify(\(Self.channel), \(destination.rawValue))")
    }

    func release(_ destination: ServiceName, of holder: ClaimID) async throws {
        try await database.execute(
            "DELETE FROM outbox_leases WHERE destination = \(destination.rawValue) AND holder = \(holder)")
    }

    /// Counts up to 10,000 only. Beyond that the exact number does not matter.
    func backlog(at now: Timestamp) async throws -> OutboxBacklog {
        try await database.one(
            """
            SELECT count(*) AS count, min(created_at) AS oldest
              FROM (SELECT created_at FROM outbox ORDER BY destination, position LIMIT 10000) AS first
            """
        ) { row in
            OutboxBacklog(
                count: Int(try row.decode("count", as: Int64.self)),
                age: try row.decodeIfPresent("oldest", as: Timestamp.self).map { max(.zero, now - $0) } ?? .zero)
        }
    }
}

/// The events that wait to be sent.
package struct OutboxBacklog: Sendable, Equatable {
    package let count: Int
    /// The age of the oldest event; zero when the outbox is empty.
    package let age: Duration
}

extension OutboxStore.Entry {
    fileprivate init(row: Row) throws {
        self.init(
            position: try row.decode("position"), aggregate: try row.decode("aggregate"),
            wasRefused: try row.decode("was_refused"), event: Result { try EventEnvelope(row: row) })
    }
}

extension EventEnvelope {
    fileprivate init(row: Row) throws {
        self.init(
            id: try row.decode("id"), name: try row.decode("name"), aggregate: try row.decode("aggregate"),
            sequence: try row.decode("sequence"), recipients: try row.decode("recipients"),
            data: try JSONValue.parse(row.decode("data", as: JSONB.self).bytes), at: try row.decode("created_at"),
            requestID: try row.decode("request_id"))
    }
}
