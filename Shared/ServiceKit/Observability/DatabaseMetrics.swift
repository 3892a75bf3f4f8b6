import Postgres
import SharedModels
import Synchronization

/// The metrics of a service's database, and of the work that waits in it.
enum DatabaseMetrics {
    static func register(_ kit: Kit) {
        let (database, metrics) = (kit.database, kit.metrics)
        metrics.gauge("postgres_statements_in_flight", "Statements sent and not answered") {
            Double(database.statistics.statementsInFlight)
        }
        metrics.gauge("postgres_statements_queued", "Statements waiting to be sent") {
            Double(database.statistics.statementsQueued)
        }
        metrics.gauge("postgres_transactions_open", "Transactions under way") {
            Double(database.statistics.transactionsOpen)
        }
        metrics.gauge("postgres_transactions_queued", "Transactions waiting for a connection") {
            Double(database.statistics.transactionsQueued)
        }
        let waiting = WaitingWork(kit)
        metrics.gauge("outbox_events_waiting", "Events not handed over to another service yet") {
            await waiting.reading().events
        }
        metrics.gauge("outbox_oldest_event_seconds", "Age of the oldest event not handed over yet") {
            await waiting.reading().oldestEventSeconds
        }
        metrics.gauge("scheduler_items_overdue", "Scheduled items a minute late or more") {
            await waiting.reading().overdueItems
        }
        metrics.gauge("dead_letters", "Events and scheduled work that failed for good and wait for an operator") {
            await waiting.reading().deadLetters
        }
        metrics.gauge("dead_letters_oldest_seconds", "Age of the oldest dead letter") {
            await waiting.reading().oldestDeadLetterSeconds
        }
    }
}

/// The work that waits in a service's database. One query serves all the metrics, with a short time limit: `/metrics`
/// is needed most when the database does not answer.
private final class WaitingWork: Sendable {
    struct Reading: Sendable {
        var events = Double.nan
        var oldestEventSeconds = Double.nan
        var overdueItems = Double.nan
        var deadLetters = Double.nan
        var oldestDeadLetterSeconds = Double.nan
    }

    private static let patience = Duration.seconds(1)
    /// How long a reading is reused.
    private static let lifetime = Duration.seconds(5)

    private let outbox: Outbox
    private let scheduler: Scheduler
    private let deadLetters: DeadLetters
    private let last = Mutex<(reading: Reading, at: ContinuousClock.Instant)?>(nil)

    init(_ kit: Kit) {
        outbox = kit.outbox
        scheduler = kit.scheduler
        deadLetters = kit.deadLetters
    }

    /// Not a number while the database does not answer; `/health/ready` reports that.
    func reading() async -> Reading {
        let known = last.withLock { $0 }
        if let known, known.at.duration(to: .now) < Self.lifetime { return known.reading }
        let reading = await read() ?? Reading()
        last.withLock { $0 = (reading, .now) }
        return reading
    }

    private func read() async -> Reading? {
        await firstAnswer(within: Self.patience) { [outbox, scheduler, deadLetters] () -> Reading? in
            // A value that cannot be read is shown as not a number.
            guard let backlog = try? await outbox.backlog(), let overdue = try? await scheduler.overdue(),
                let dead = try? await deadLetters.backlog()
            else { return nil }
            return Reading(
                events: Double(backlog.count), oldestEventSeconds: Double(backlog.age.components.seconds),
                overdueItems: Double(overdue), deadLetters: Double(dead.count),
                oldestDeadLetterSeconds: Double(dead.age.components.seconds))
        } ?? nil
    }
}
