import Postgres
import SharedModels

/// What each service shows of its database, and of the work that waits in it.
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
        // Not a number: the database does not answer, which /health/ready tells.
        metrics.gauge("outbox_events_waiting", "Events not handed over to another service yet") {
            (try? await kit.outbox.backlog()).map { Double($0.count) } ?? .nan
        }
        metrics.gauge("outbox_oldest_event_seconds", "Age of the oldest event not handed over yet") {
            (try? await kit.outbox.backlog()).map { Double($0.age.components.seconds) } ?? .nan
        }
        metrics.gauge("scheduler_items_overdue", "Scheduled items a minute late or more") {
            (try? await kit.scheduler.overdue()).map(Double.init) ?? .nan
        }
    }
}
