import Postgres
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: replicas send for each other.
extension OutboxTests {
    @Test func `what one replica commits is sent at once by the one that holds the lease`() async throws {
        try await withOutbox { outbox in
            let received = Received([:])
            let replica = Outbox(database: outbox.database, clock: clock)
            // None of them looks by itself.
            let never = Duration.seconds(3600)
            try await relaying(outbox, to: received, lingering: never, poll: never) {
                try await outbox.append(event(of: .make(at: clock.now), 1), in: outbox.database)
                try await eventually("the first is told") { received.value[.notifications]?.count == 1 }
                try await relaying(replica, to: received, lingering: never, poll: never) {
                    try await eventually("both listen") { try await listeners(outbox.database) == 2 }
                    for number in 2...20 {
                        try await replica.append(event(of: .make(at: clock.now), number), in: replica.database)
                        try await eventually("\(number) are told") {
                            received.value[.notifications]?.count == number
                        }
                    }
                }
            }
        }
    }

    private func listeners(_ database: Database) async throws -> Int64 {
        try await database.one(
            """
            SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database() AND query LIKE 'LISTEN%' AND state = 'idle'
            """
        ) { try $0.decode(at: 0) }
    }
}
