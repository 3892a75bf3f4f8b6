import Postgres
import ServiceKit
import SharedModels

/// Deletes events a month after they came. It runs once an hour.
struct EventPruning: Sendable {
    /// Ten times as long as the longest retries.
    static let retention = Duration.days(30)
    /// Events per statement, each with its deliveries. The statement stays far below its time limit.
    private static let batch = 500

    let database: Database
    let clock: any DomainClock
    let events = EventStore()
    let channels = ChannelStore()

    func register(on scheduler: Scheduler) {
        scheduler.every(.hours(1), "notifications.prune") {
            let moment = clock.now - Self.retention
            while try await database.transaction({ tx in
                try await PlansByIndex.require(in: tx)
                return try await events.prune(before: moment, limit: Self.batch, in: tx) == Self.batch
            }) {}
            // Older ones count no more.
            let yesterday = clock.now - .hours(24)
            while try await database.transaction({ tx in
                try await channels.pruneCodes(before: yesterday, limit: Self.batch, in: tx) == Self.batch
            }) {}
        }
    }
}
