import Postgres
import SharedModels

/// The relay's statements on the outbox.
///
/// Leases use PostgreSQL's own time: they concern processes, and the marketplace's clock can jump.
struct OutboxStore: Sendable {
    let database: Database

    /// An event and its place in the outbox.
    struct Entry: Sendable {
        let position: Int64
        /// The event, or why its row cannot be read.
        let event: Result<EventEnvelope, any Error>
    }

    /// The `destinations` that have events waiting.
    func pending(among destinations: [ServiceName]) async throws -> [ServiceName] {
        let names = try await database.all(
            """
            SELECT known.destination
              FROM unnest(\(destinations.map(\.rawValue))) AS known (destination)
             WHERE EXISTS (SELECT FROM outbox WHERE outbox.destination = known.destination)
            """
        ) { try $0.decode("destination", as: String.self) }
        return names.compactMap(ServiceName.init)
    }

    /// The oldest entries for `destination`. Lower positions may still appear later, but never for an aggregate that
    /// has an entry here, because its row was locked until the commit.
    func first(_ limit: Int, for destination: ServiceName) async throws -> [Entry] {
        try await database.all(
            """
            SELECT position, id, aggregate, sequence, name, recipients, data, request_id, created_at
              FROM outbox
             WHERE destination = \(destination.rawValue)
             ORDER BY position
             LIMIT \(limit)
            """,
            Entry.init(row:)
        )
    }

    func delete(_ positions: [Int64], for destination: ServiceName) async throws {
        try await database.execute(
            "DELETE FROM outbox WHERE destination = \(destination.rawValue) AND position = ANY(\(positions))")
    }

    /// Turns an entry into a dead letter, so that it does not hold up those behind it.
    func bury(_ position: Int64, for destination: ServiceName, reason: String, at now: Timestamp) async throws {
        try await database.execute(
            """
            WITH gone AS (
                DELETE FROM outbox WHERE destination = \(destination.rawValue) AND position = \(position)
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
        self.init(position: try row.decode("position"), event: Result { try EventEnvelope(row: row) })
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
