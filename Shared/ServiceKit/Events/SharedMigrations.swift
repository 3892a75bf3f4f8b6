/// The tables that ServiceKit creates in every service's database.
package enum SharedMigrations {
    package static let all: [(name: String, sql: String)] = [
        Idempotency.migration, Outbox.migration, Inbox.migration, Scheduler.migration, DeadLetters.migration,
        Outbox.refusalsMigration,
    ]
}
