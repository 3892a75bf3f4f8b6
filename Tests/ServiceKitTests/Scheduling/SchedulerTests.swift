import Logging
import Postgres
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: scheduled work is done when its time comes, in spite of failures and restarts.
@Suite struct SchedulerTests {
    private struct Failure: Error {}

    /// Work about a number.
    private struct Count: WorkOnSubject {
        static let kind = "count"
        let subject: Int
    }

    /// Work with more data than its key.
    private struct Greet: ScheduledWork, Equatable {
        static let kind = "greet"
        let key: String
        let words: String
        var payload: JSONValue { ["words": .string(words)] }

        init(_ key: String, _ words: String) {
            self.key = key
            self.words = words
        }

        init(key: String, payload: JSONValue) throws {
            self.init(key, try UnreadableWork.read(payload["words"]?.string, "words"))
        }
    }

    private let clock = TestClock()

    @Test func `work is done when the clock reaches its time, not before`() async throws {
        try await withDatabase { database in
            let scheduler = scheduler(on: database)
            let done = Shared<[String]>([])
            scheduler.on(Greet.self) { work in done.change { $0.append(work.words) } }
            scheduler.on(Count.self) { work in done.change { $0.append("\(work.subject)") } }
            try await scheduler.schedule(Greet("a", "later"), at: clock.now + .days(3), in: database)
            try await scheduler.schedule(Count(1), at: clock.now, in: database)
            try await running(scheduler) {
                try await eventually("what is due is done") { done.value == ["1"] }
                clock.advance(by: .days(3))
                try await eventually("the rest is done") { done.value == ["1", "later"] }
            }
            #expect(try await count(in: database) == 0)
        }
    }

    @Test func `what is due is begun when it is committed, and all of it, without a look from time to time`()
        async throws
    {
        try await withDatabase { database in
            let scheduler = scheduler(on: database, poll: .seconds(3600))
            let done = Shared(0)
            scheduler.on(Count.self) { _ in done.change { $0 += 1 } }
            try await running(scheduler) {
                var expected = 0
                for more in [1, 1, 1, 50, 1] {
                    try await database.transaction { tx in
                        for _ in 0..<more {
                            expected += 1
                            try await scheduler.schedule(Count(expected), at: clock.now, in: tx)
                        }
                    }
                    try await eventually("\(expected) are done") { done.value == expected }
                }
            }
        }
    }

    @Test func `a row that cannot be read becomes a dead letter, and the others are done`() async throws {
        try await withDatabase { database in
            let scheduler = scheduler(on: database)
            let letters = DeadLetters(database: database, clock: clock)
            let done = Shared<[String]>([])
            scheduler.on(Greet.self) { work in done.change { $0.append(work.words) } }
            scheduler.on(Count.self) { work in done.change { $0.append("\(work.subject)") } }
            let due = clock.now
            for (kind, key, payload) in [
                ("count", "seven", "null"), ("greet", "a", "null"), ("greet", "b", #"{"words":7}"#),
                // Valid JSON to PostgreSQL, but too deep for our parser.
                ("greet", "c", String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000)),
                ("greet", "d", #"{"words":"hello"}"#), ("count", "7", "null"),
            ] {
                try await database.execute(
                    """
                    INSERT INTO scheduled (kind, key, due_at, payload)
                    VALUES (\(kind), \(key), \(due), \(payload)::json)
                    """)
            }
            try await running(scheduler) {
                try await eventually("all are done or dead") { try await count(in: database) == 0 }
            }
            #expect(done.value.sorted() == ["7", "hello"])
            let dead = try await database.all(
                "SELECT name, letter::json->>'key' AS key, reason FROM dead_letters WHERE origin = 'scheduled' ORDER BY 1, 2"
            ) { [try $0.decode("name", as: String.self), try $0.decode("key"), try $0.decode("reason")] }
            #expect(dead.map { "\($0[0]) \($0[1])" } == ["count seven", "greet a", "greet b", "greet c"])
            #expect(dead.first?[2] == "the key is no Int: seven")
            clock.advance(by: .seconds(90))
            #expect(try await letters.backlog() == DeadLetters.Backlog(count: 4, age: .seconds(90)))
        }
    }

    @Test func `two schedulers do each item once`() async throws {
        try await withDatabase { database in
            let done = Shared<[String: Int]>([:])
            let both = [scheduler(on: database), scheduler(on: database)]
            for scheduler in both {
                scheduler.on(Count.self) { work in done.change { $0["\(work.subject)", default: 0] += 1 } }
            }
            for number in 0..<100 {
                try await both[0].schedule(Count(number), at: clock.now, in: database)
            }
            try await running(both[0]) {
                try await running(both[1]) {
                    try await eventually("all are done") { try await count(in: database) == 0 }
                }
            }
            #expect(done.value.count == 100)
            #expect(done.value.values.allSatisfy { $0 == 1 })
        }
    }

    @Test func `an item whose process died is done by another when its lease is over`() async throws {
        try await withDatabase { database in
            let scheduler = scheduler(on: database)
            try await scheduler.schedule(Count(1), at: clock.now, in: database)
            let claimed = try await ScheduleStore(database: database).claim(
                1, of: ["count"], at: clock.now, lease: .seconds(600))
            #expect(claimed.map(\.attempt) == [1])
            #expect(
                try await ScheduleStore(database: database).claim(
                    1, of: ["count"], at: clock.now, lease: .seconds(1)
                ).isEmpty)
            try await database.execute("UPDATE scheduled SET lease_until = clock_timestamp()")
            let done = Shared<[Int]>([])
            scheduler.on(Count.self) { work in done.change { $0.append(work.subject) } }
            try await running(scheduler) {
                try await eventually("it is done") { try await count(in: database) == 0 }
            }
            #expect(done.value == [1])
        }
    }

    @Test func `work that takes longer than its lease stays with its process`() async throws {
        try await withDatabase { database in
            let both = (0..<2).map { _ in scheduler(on: database, renewal: .milliseconds(20)) }
            let runs = Shared(0)
            for scheduler in both {
                scheduler.on(Count.self) { _ -> Void in
                    runs.change { $0 += 1 }
                    // Each renewal puts its end off, and the other process looks all the time.
                    var ends: [Timestamp] = []
                    try await eventually("the lease was renewed often") {
                        let end = try await database.one("SELECT lease_until FROM scheduled") {
                            try $0.decode("lease_until", as: Timestamp.self)
                        }
                        if ends.last != end { ends.append(end) }
                        return ends.count > 5
                    }
                    #expect(ends == ends.sorted())
                }
            }
            try await both[0].schedule(Count(1), at: clock.now, in: database)
            try await running(both[0]) {
                try await running(both[1]) {
                    try await eventually("it is done") { try await count(in: database) == 0 }
                }
            }
            #expect(runs.value == 1)
        }
    }

    @Test func `work that takes too long is cancelled and tried again`() async throws {
        try await withDatabase { database in
            let hasty = scheduler(on: database, longestRun: .milliseconds(100), renewal: .milliseconds(20))
            let patient = scheduler(on: database)
            let attempts = Shared<[String]>([])
            hasty.on(Count.self) { work -> Void in
                attempts.change { $0.append("hasty") }
                // Until it is cancelled.
                try await Task.sleep(for: .seconds(600))
            }
            patient.on(Count.self) { _ in attempts.change { $0.append("patient") } }
            try await hasty.schedule(Count(1), at: clock.now, in: database)
            try await running(hasty) {
                try await eventually("the first attempt was cancelled") {
                    try await ScheduleStore(database: database).nextDue(of: ["count"]) ?? clock.now > clock.now
                }
            }
            clock.advance(by: .seconds(1))
            try await running(patient) {
                try await eventually("the second attempt ends") { try await count(in: database) == 0 }
            }
            #expect(attempts.value == ["hasty", "patient"])
        }
    }

    @Test func `a lease is not renewed once the item was scheduled again or taken over`() async throws {
        try await withDatabase { database in
            let (scheduler, store) = (scheduler(on: database), ScheduleStore(database: database))
            try await scheduler.schedule(Count(1), at: clock.now, in: database)
            let item = try #require(
                try await store.claim(1, of: ["count"], at: clock.now, lease: .milliseconds(1)).first)
            #expect(try await store.renew(item, lease: .milliseconds(1)))
            var other: ScheduledItem?
            try await eventually("another process takes it over") {
                other = try await store.claim(1, of: ["count"], at: clock.now, lease: .seconds(9)).first
                return other != nil
            }
            #expect(try await !store.renew(item, lease: .seconds(9)))
            try await scheduler.schedule(Count(1), at: clock.now, in: database)
            #expect(try await !store.renew(#require(other), lease: .seconds(9)))
        }
    }

    @Test func `a failure is tried again after a wait that doubles`() async throws {
        try await withDatabase { database in
            let scheduler = scheduler(on: database)
            let attempts = Shared(0)
            scheduler.on(Count.self) { _ -> Void in
                attempts.change { $0 += 1 }
                if attempts.value < 4 { throw Failure() }
            }
            try await scheduler.schedule(Count(1), at: clock.now, in: database)
            try await running(scheduler) {
                for attempt in 1...3 {
                    try await eventually("attempt \(attempt) has failed") {
                        try await ScheduleStore(database: database).nextDue(of: ["count"]) ?? clock.now > clock.now
                    }
                    let due = try #require(try await ScheduleStore(database: database).nextDue(of: ["count"]))
                    let longest = Duration.seconds(1 << (attempt - 1))
                    #expect(due - clock.now >= longest / 2 && due - clock.now <= longest)
                    clock.advance(by: longest)
                }
                try await eventually("it is done") { try await count(in: database) == 0 }
            }
            #expect(attempts.value == 4)
        }
    }

    @Test func `work may ask to be done again`() async throws {
        try await withDatabase { database in
            let scheduler = scheduler(on: database)
            let runs = Shared(0)
            let clock = clock
            scheduler.on(Count.self) { _ -> ScheduledOutcome in
                runs.change { $0 += 1 }
                return .again(at: clock.now + .days(1))
            }
            try await scheduler.schedule(Count(1), at: clock.now, in: database)
            try await running(scheduler) {
                for day in 1...3 {
                    try await eventually("day \(day)") { runs.value == day }
                    try await eventually("it is put off") {
                        try await ScheduleStore(database: database).nextDue(of: ["count"]) == clock.now + .days(1)
                    }
                    clock.advance(by: .days(1))
                }
            }
        }
    }

    @Test func `regular work is done at the start, and again each time that its pause has passed`() async throws {
        try await withDatabase { database in
            let scheduler = scheduler(on: database)
            let runs = Shared(0)
            scheduler.every(.hours(1), "kit.sweep") { runs.change { $0 += 1 } }
            try await running(scheduler) {
                for hour in 1...3 {
                    try await eventually("hour \(hour)") {
                        let due = try await ScheduleStore(database: database).nextDue(of: ["kit.sweep"])
                        return runs.value == hour && due == clock.now + .hours(1)
                    }
                    clock.advance(by: .hours(1))
                }
            }
        }
    }

    @Test func `what is scheduled again while it is done is done once more`() async throws {
        try await withDatabase { database in
            let scheduler = scheduler(on: database)
            let runs = Shared(0)
            let clock = clock
            scheduler.on(Count.self) { work -> Void in
                runs.change { $0 += 1 }
                if runs.value == 1 { try await scheduler.schedule(work, at: clock.now + .seconds(9), in: database) }
            }
            try await scheduler.schedule(Count(1), at: clock.now, in: database)
            try await running(scheduler) {
                try await eventually("it was done once") { runs.value == 1 }
                try await eventually("it is due again") {
                    try await ScheduleStore(database: database).nextDue(of: ["count"]) == clock.now + .seconds(9)
                }
                clock.advance(by: .seconds(9))
                try await eventually("it is done twice") { try await count(in: database) == 0 }
            }
            #expect(runs.value == 2)
        }
    }

    @Test func `what is cancelled is not done`() async throws {
        try await withDatabase { database in
            let scheduler = scheduler(on: database)
            try await scheduler.schedule(Count(1), at: clock.now, in: database)
            try await scheduler.cancel(Count(1), in: database)
            #expect(try await count(in: database) == 0)
        }
    }
}

extension SchedulerTests {
    private func withDatabase(_ body: (Database) async throws -> Void) async throws {
        try await TestDatabase.use(migrations: Migrator(SharedMigrations.all)) { try await body($0) }
    }

    private func scheduler(
        on database: Database, longestRun: Duration = .minutes(10), renewal: Duration = .seconds(1),
        poll: Duration = .milliseconds(50)
    ) -> Scheduler {
        var limits = Scheduler.Limits()
        limits.poll = poll
        limits.lease = .minutes(5)
        limits.renewal = renewal
        limits.longestRun = longestRun
        return Scheduler(database: database, clock: clock, limits: limits, logger: .quiet)
    }

    private func count(in database: Database) async throws -> Int {
        try await database.rows("SELECT key FROM scheduled").count
    }

    private func running(_ scheduler: Scheduler, while body: () async throws -> Void) async throws {
        let running = Task { try await scheduler.run() }
        defer { running.cancel() }
        try await body()
        running.cancel()
        try await running.value
    }
}
