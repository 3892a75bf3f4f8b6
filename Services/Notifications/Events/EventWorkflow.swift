import Postgres
import ServiceKit
import SharedModels

/// Takes what the other services tell.
struct EventWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    /// Of the engine that delivers.
    let wakeUp: WakeUp
    let events = EventStore()

    /// Stores a batch. An event that was stored before has no effect.
    func receive(_ batch: [ReceivedEvent]) async throws {
        let now = clock.now
        try await database.transaction { tx in
            for event in batch { try await events.store(event, at: now, in: tx) }
        }
        wakeUp.signal()
    }
}

/// Forgets events a month after they came, once an hour.
struct EventPruning: Sendable {
    /// Ten times as long as the longest retries.
    static let retention = Duration.days(30)
    /// Events per statement, each with its deliveries: far below the statement time-out.
    private static let batch = 1000

    let database: Database
    let clock: any DomainClock
    let events = EventStore()

    func register(on scheduler: Scheduler) {
        scheduler.every(.hours(1), "notifications.prune") {
            while try await events.prune(before: clock.now - Self.retention, limit: Self.batch, in: database)
                == Self.batch
            {}
        }
    }
}
