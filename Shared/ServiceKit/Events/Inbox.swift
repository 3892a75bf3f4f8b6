import Postgres
import SharedModels

/// Remembers which events a service has taken, because events are sent at least once.
package struct Inbox: Sendable {
    /// Far longer than any sender keeps trying to send one event.
    package static let retention = Duration.days(7)

    package static let migration = (
        name: "9103_kit_inbox.sql",
        sql: """
        -- Which events were taken, so that one that is sent again has no second effect.
        CREATE TABLE inbox (
            event_id    uuid        PRIMARY KEY,
            received_at timestamptz NOT NULL
        );
        CREATE INDEX inbox_by_age ON inbox (received_at);
        """
    )

    private let database: Database
    private let clock: any DomainClock

    package init(database: Database, clock: any DomainClock) {
        self.database = database
        self.clock = clock
    }

    /// Runs `body` unless the event was taken before.
    ///
    /// - Parameter transaction: The transaction of `body`'s effects. When two take the same event at once, the second
    ///   waits for the first.
    /// - Returns: Whether `body` was run.
    @discardableResult
    package func once(
        _ id: EventID, at now: Timestamp, in transaction: Transaction, _ body: () async throws -> Void
    ) async throws -> Bool {
        let isNew = try await transaction.execute(
            "INSERT INTO inbox (event_id, received_at) VALUES (\(id), \(now)) ON CONFLICT (event_id) DO NOTHING")
        guard isNew == 1 else { return false }
        try await body()
        return true
    }

    /// Records events as taken.
    ///
    /// - Returns: The events that had not been taken before.
    func take(_ ids: [EventID], at now: Timestamp, in transaction: Transaction) async throws -> Set<EventID> {
        let new = try await transaction.all(
            """
            INSERT INTO inbox (event_id, received_at) SELECT unnest(\(ids)), \(now)
            ON CONFLICT (event_id) DO NOTHING
            RETURNING event_id
            """
        ) { try $0.decode("event_id", as: EventID.self) }
        return Set(new)
    }

    /// Takes back what ``take(_:at:in:)`` recorded.
    func forget(_ ids: [EventID], in transaction: Transaction) async throws {
        try await transaction.execute("DELETE FROM inbox WHERE event_id = ANY(\(ids))")
    }

    /// Whether the event was taken.
    func has(_ id: EventID) async throws -> Bool {
        try await database.one("SELECT EXISTS (SELECT FROM inbox WHERE event_id = \(id)) AS is_taken") {
            try $0.decode("is_taken")
        }
    }

    /// Deletes the records older than ``retention``.
    package func prune() async throws {
        let moment = clock.now - Self.retention
        try await database.deleteInBatches { limit in
            """
            DELETE FROM inbox
             WHERE event_id IN (SELECT event_id FROM inbox WHERE received_at < \(moment) LIMIT \(limit))
            """
        }
    }

    /// Schedules ``prune()`` every hour.
    func register(on scheduler: Scheduler) {
        scheduler.every(.hours(1), "kit.inbox.prune") { try await prune() }
    }
}
