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
    private static let kind = "notifications.prune"
    /// Events per statement, each with its deliveries: far below the statement time-out.
    private static let batch = 1000

    let database: Database
    let clock: any DomainClock
    let events = EventStore()

    func schedule(on scheduler: Scheduler) async throws {
        scheduler.handle(Self.kind) { _ in
            while try await events.prune(before: clock.now - Self.retention, limit: Self.batch, in: database)
                == Self.batch
            {}
            return .again(at: clock.now + .hours(1))
        }
        try await scheduler.schedule(Self.kind, key: "", at: clock.now, in: database)
    }
}
