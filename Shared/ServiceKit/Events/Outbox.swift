import Postgres
import SharedModels

/// Changes that others must hear of. They are written in the transaction of the change, and ``OutboxRelay`` sends them.
///
/// One row per event and destination. Write the rows of an aggregate while its row is locked, so that their positions,
/// their sequences and their commits have the same order.
package struct Outbox: Sendable {
    package static let migration = (
        name: "9102_kit_outbox.sql",
        sql: """
        -- Events on their way to other services, so that a change and its announcement commit together.
        CREATE TABLE outbox (
            destination text        NOT NULL,
            position    bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
            id          uuid        NOT NULL,
            aggregate   uuid        NOT NULL,
            sequence    bigint      NOT NULL,
            name        text        NOT NULL,
            recipients  uuid[]      NOT NULL,
            data        json        NOT NULL,  -- not jsonb: members keep their order
            request_id  text,
            created_at  timestamptz NOT NULL,
            PRIMARY KEY (destination, position)
        ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

        -- Which replica hands over to a destination just now: one at a time, to keep the order.
        CREATE TABLE outbox_leases (
            destination text        PRIMARY KEY,
            holder      uuid        NOT NULL,
            lease_until timestamptz NOT NULL
        );
        """
    )

    package static let refusalsMigration = (
        name: "9106_kit_outbox_refusals.sql",
        sql: """
        -- Why: an event that its destination refuses is tried again for some minutes before it is set aside. Meanwhile
        -- the later events of its thing wait, and all others go on.
        CREATE TABLE outbox_refusals (
            destination text        NOT NULL,
            position    bigint      NOT NULL,
            aggregate   uuid        NOT NULL,
            times       int         NOT NULL,
            since       timestamptz NOT NULL,
            next_at     timestamptz NOT NULL,
            PRIMARY KEY (destination, position)
        );
        """
    )

    let database: Database
    let clock: any DomainClock
    let news: OutboxNews

    package init(database: Database, clock: any DomainClock) {
        self.database = database
        self.clock = clock
        news = OutboxNews(database: database)
    }

    /// Writes `event` for each of its destinations. Pass the transaction that makes the change.
    package func append(_ event: Announcement, in executor: some SQLExecutor) async throws {
        try await executor.executeLater(insertion(of: event))
        tell(of: event.destinations, after: executor)
    }

    /// Writes many events in one statement, in their order.
    package func append(_ events: [Announcement], in executor: some SQLExecutor) async throws {
        guard !events.isEmpty else { return }
        var writer = JSONWriter(capacity: 512 * events.count)
        writer.beginArray()
        for event in events {
            writer.beginObject()
            writer.key("id"); writer.value(event.id)
            writer.key("aggregate"); writer.value(event.aggregate)
            writer.key("sequence"); writer.value(event.sequence)
            writer.key("name"); writer.value(event.name)
            writer.key("recipients")
            writer.beginArray()
            for recipient in event.recipients { writer.value(recipient) }
            writer.endArray()
            writer.key("data"); writer.raw(event.json)
            writer.key("at"); writer.value(event.at)
            writer.key("destinations")
            writer.beginArray()
            for destination in event.destinations { writer.value(destination.rawValue) }
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
        try await executor.executeLater(
            """
            INSERT INTO outbox
                (id, aggregate, sequence, name, recipients, data, request_id, created_at, destination)
            SELECT id, aggregate, sequence, name, recipients, data, \(RequestTrace.current?.requestID), at,
                   unnest(destinations)
              FROM json_to_recordset(\(String(decoding: writer.bytes, as: UTF8.self))::json)
                   AS event (id uuid, aggregate uuid, sequence bigint, name text, recipients uuid[], data json,
                             at timestamptz, destinations text[])
            """)
        tell(of: events.flatMap(\.destinations), after: executor)
    }

    private func tell(of destinations: [ServiceName], after executor: some SQLExecutor) {
        executor.afterCommit { [news] in news.tell(of: destinations) }
    }

    /// Tells the relay that events were committed. Cheap. Forgetting it costs up to two seconds.
    package func wake() {
        news.tellOfAny()
    }

    package func backlog() async throws -> OutboxBacklog {
        try await OutboxStore(database: database).backlog(at: clock.now)
    }

    /// What ``append(_:in:)`` runs, as a part of a statement that makes the change and announces it at once:
    ///
    ///     WITH changed AS (UPDATE … RETURNING owner_id, version),
    ///     announced AS (\(fragment: outbox.insertion(of: event, from: "changed", sequence: "changed.version")))
    ///     SELECT …
    ///
    /// Call ``wake()`` afterwards.
    ///
    /// - Parameters:
    ///   - source: A `FROM` list. The event is written once for each of its rows.
    ///   - recipient: An SQL expression for one more recipient, put before the others.
    ///   - sequence: An SQL expression that replaces the event's own sequence.
    ///   - member: One more member of the event's data: its name, and an SQL expression for its value.
    package func insertion(
        of event: Announcement, from source: SQL? = nil, addingRecipient recipient: SQL? = nil, sequence: SQL? = nil,
        addingMember member: (name: String, value: SQL)? = nil
    ) -> SQL {
        let text = String(decoding: event.json, as: UTF8.self)
        let data: SQL =
            if let member {
                "(left(\(text), -1) || ',' || to_json(\(member.name)) || ':' || to_json(\(fragment: member.value)) || '}')"
            } else {
                "\(text)"
            }
        let first: SQL = recipient.map { "\(fragment: $0) || " } ?? .empty
        let from: SQL = source.map { " FROM \(fragment: $0)" } ?? .empty
        return """
            INSERT INTO outbox
                (id, aggregate, sequence, name, recipients, data, request_id, created_at, destination)
            SELECT \(event.id), \(event.aggregate), \(fragment: sequence ?? "\(event.sequence)"), \(event.name),
                   \(fragment: first)\(event.recipients), \(fragment: data)::json,
                   \(RequestTrace.current?.requestID), \(event.at), unnest(\(event.destinations.map(\.rawValue)))
            \(fragment: from)
            """
    }
}
