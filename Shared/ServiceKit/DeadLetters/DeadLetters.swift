import Foundation
import Postgres
import SharedModels

/// Work that failed and would fail at every repeat. It is kept with the reason, so that it is not lost and does not
/// block later work. An operator sends it again or drops it (docs/operations.md).
package struct DeadLetters: Sendable {
    package static let migration = (
        name: "9105_kit_dead_letters.sql",
        sql: """
        -- What cannot be done and is not tried again, with the reason, until an operator sends it again or drops it.
        CREATE TABLE dead_letters (
            id      uuid        PRIMARY KEY,  -- follows from the letter, so that each is kept once
            origin  text        NOT NULL CHECK (origin IN ('received', 'outbox', 'scheduled')),
            name    text,                     -- the event's name or the work's kind, where it can be read
            letter  text        NOT NULL,     -- JSON, as it was
            reason  text        NOT NULL,
            died_at timestamptz NOT NULL,
            again   boolean     NOT NULL DEFAULT false  -- set by an operator: to be tried once more
        );
        """
    )

    /// Where a letter was set aside.
    enum Origin: String, PostgresValue {
        /// An event from another service, stored as it arrived.
        case received
        /// An event on its way to another service, from the outbox.
        case outbox
        /// A row from the schedule.
        case scheduled
    }

    /// How many letters wait for an operator.
    package struct Backlog: Sendable, Equatable {
        package let count: Int
        /// The age of the oldest letter; zero when there are no letters.
        package let age: Duration
    }

    let database: Database
    let clock: any DomainClock

    package init(database: Database, clock: any DomainClock) {
        self.database = database
        self.clock = clock
    }

    /// Counts up to 10,000 only.
    package func backlog() async throws -> Backlog {
        try await database.one(
            """
            SELECT count(*) AS count, min(died_at) AS oldest
              FROM (SELECT died_at FROM dead_letters ORDER BY died_at LIMIT 10000) AS first
            """
        ) { row in
            Backlog(
                count: Int(try row.decode("count", as: Int64.self)),
                age: try row.decodeIfPresent("oldest", as: Timestamp.self).map { max(.zero, clock.now - $0) } ?? .zero)
        }
    }

    /// A statement, or the last part of one, that stores a letter for each row of `source`.
    ///
    /// - Parameters:
    ///   - letter: An SQL expression for its text.
    ///   - name: An SQL expression for its name.
    static func insertion(
        _ origin: Origin, letter: SQL, name: SQL, from source: SQL? = nil, _ reason: String, at now: Timestamp
    ) -> SQL {
        let from: SQL = source.map { " FROM \(fragment: $0)" } ?? .empty
        return """
            INSERT INTO dead_letters (id, origin, name, letter, reason, died_at)
            SELECT md5(\(origin) || \(fragment: letter))::uuid, \(origin), \(fragment: name), \(fragment: letter),
                   \(reason.storable), \(now)
            \(fragment: from)
            ON CONFLICT (id) DO NOTHING
            """
    }
}

/// Sending again what an operator has marked.
extension DeadLetters {
    func register(on scheduler: Scheduler, receiver: EventReceiver) {
        scheduler.every(.seconds(10), "kit.dead_letters") { try await sendAgain(receiver) }
    }

    /// Retries the letters that an operator has marked. Events of our own and scheduled work go back to where they
    /// were; events of other services go to their handler. A letter that fails again stays, with the new reason.
    func sendAgain(_ receiver: EventReceiver) async throws {
        let letters = try await database.all(
            """
            SELECT id, origin, letter FROM dead_letters WHERE again ORDER BY origin = 'received', died_at LIMIT 100
            """
        ) { row -> (id: UUID, origin: Origin, letter: String) in
            (try row.decode("id"), try row.decode("origin"), try row.decode("letter"))
        }
        for (id, origin, letter) in letters {
            do {
                switch origin {
                case .received:
                    try await receiver.takeAgain(JSONValue.parse(Array(letter.utf8))) { tx in
                        try await tx.execute("DELETE FROM dead_letters WHERE id = \(id)") == 1
                    }
                case .outbox: try await putIntoOutbox(id)
                case .scheduled: try await putIntoSchedule(id)
                }
            } catch let error where !ErrorMapping.isPassing(error) {
                // Also a letter that an operator edited into something unreadable. It does not hold up the others.
                try await database.execute(
                    "UPDATE dead_letters SET again = false, reason = \("\(error)".storable) WHERE id = \(id)")
            }
        }
    }

    private func putIntoOutbox(_ id: UUID) async throws {
        try await database.execute(
            """
            WITH gone AS (DELETE FROM dead_letters WHERE id = \(id) RETURNING letter)
            INSERT INTO outbox (destination, id, aggregate, sequence, name, recipients, data, request_id, created_at)
            SELECT destination, r.id, aggregate, sequence, name, recipients, data, request_id, created_at
              FROM gone, json_populate_record(NULL::outbox, letter::json) AS r
            """)
    }

    private func putIntoSchedule(_ id: UUID) async throws {
        try await database.execute(
            """
            WITH gone AS (DELETE FROM dead_letters WHERE id = \(id) RETURNING letter)
            INSERT INTO scheduled (kind, key, due_at, payload)
            SELECT kind, key, due_at, payload FROM gone, json_populate_record(NULL::scheduled, letter::json)
            ON CONFLICT (kind, key) DO NOTHING
            """)
    }
}

extension String {
    /// Without U+0000, which PostgreSQL does not store, and cut to a limited length.
    var storable: String {
        String(UnicodeScalarView(unicodeScalars.prefix(1000).map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }
}
