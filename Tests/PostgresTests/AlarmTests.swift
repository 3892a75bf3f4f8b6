import Synchronization
import TestSupport
import Testing

@testable import Postgres

/// What has rung, in order.
private final class Rung: Sendable {
    private let names = Mutex([String]())
    var all: [String] { names.withLock { $0 } }
    func note(_ name: String) { names.withLock { $0.append(name) } }
}

/// The promise under test: an alarm rings once, also when the database is closed, and never after it was cancelled.
@Suite(.timeLimit(.minutes(20))) struct AlarmTests {
    @Test func `alarms ring in the order of their times`() async throws {
        try await TestDatabase.use { database in
            let rung = Rung()
            let later = database.alarm(after: .milliseconds(40)) { rung.note("later") }
            let cancelled = database.alarm(after: .milliseconds(20)) { rung.note("cancelled") }
            cancelled.cancel()
            let soon = database.alarm(after: .zero) { rung.note("soon") }
            try await eventually("both have rung") { later.isOver && soon.isOver }
            // What rings is over before it has noted that.
            try await eventually("both are noted") { rung.all.count >= 2 }
            #expect(rung.all == ["soon", "later"])
            later.cancel()
        }
    }

    @Test func `an alarm rings at once when the database is closed, and later ones at their time`() async throws {
        try await TestDatabase.use { database in
            let rung = Rung()
            try await database.ping()
            _ = database.alarm(after: .seconds(3600)) { rung.note("before") }
            await database.close()
            #expect(rung.all == ["before"])
            _ = database.alarm(after: .milliseconds(1)) { rung.note("after") }
            try await eventually("it has rung") { rung.all == ["before", "after"] }
        }
    }
}
