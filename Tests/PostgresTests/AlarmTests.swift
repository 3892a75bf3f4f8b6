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

/// The promise under test: an alarm rings once, at the latest when the database is closed, and never after it was cancelled.
@Suite(.timeLimit(.minutes(20))) struct AlarmTests {
    @Test func `an alarm rings at its time, not before, and never once it was cancelled`() async throws {
        try await TestDatabase.use { database in
            let rung = Rung()
            let cancelled = database.alarm(after: .seconds(3600)) { rung.note("cancelled") }
            let later = database.alarm(after: .seconds(3600)) { rung.note("later") }
            cancelled.cancel()
            _ = database.alarm(after: .milliseconds(1)) { rung.note("soon") }
            try await eventually("it has rung") { !rung.all.isEmpty }
            #expect(rung.all == ["soon"] && cancelled.isOver && !later.isOver)
            await database.close()
            #expect(rung.all == ["soon", "later"])
        }
    }

    @Test func `an alarm of a closed database rings at its time`() async throws {
        try await TestDatabase.use { database in
            let rung = Rung()
            try await database.ping()
            await database.close()
            _ = database.alarm(after: .milliseconds(1)) { rung.note("after") }
            try await eventually("it has rung") { rung.all == ["after"] }
        }
    }
}
