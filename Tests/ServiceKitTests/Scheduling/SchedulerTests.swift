import Logging
import Postgres
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: what is scheduled is done when its time comes, in spite of failures and restarts.
@Suite struct SchedulerTests {
    private struct Failure: Error {}

    private let clock = TestClock()

    @Test func `work is done when the clock reaches its time, not before`() async throws {
        try await withDatabase { database in
            let scheduler = scheduler(on: database)
            let done = Shared<[JSONValue]>([])
            scheduler.handle("late") { item in done.change { $0.append(item.payload) } }
            scheduler.handle("now") { _ in done.change { $0.append("now") } }
            try await scheduler.schedule("late", key: "a", at: clock.now + .days(3), payload: ["n": 1], in: database)
            try await scheduler.schedule("now", key: "a", at: clock.now, in: database)
            try await running(scheduler) {
                try await eventually("what is due is done") { done.value == ["now"] }
                clock.advance(by: .days(3))
                try await eventually("the rest is done") { done.value == ["now", ["n": 1]] }
            }
            #expect(try await count(in: database) == 0)
        }
    }

    @Test func `two schedulers do each item once`() async throws {
        try await withDatabase { database in
            let done = Shared<[String: Int]>([:])
            let both = [scheduler(on: database), scheduler(on: database)]
            for scheduler in both {
                scheduler.handle("count") { item in done.change { $0[item.key, default: 0] += 1 } }
            }
            for number in 0..<100 {
                try await both[0].schedule("count", key: "\(number)", at: clock.now, in: database)
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
            try await scheduler.schedule("orphan", key: "a", at: clock.now, in: database)
            let claimed = try await ScheduleStore(database: database).claim(
                1, of: ["orphan"], at: clock.now, lease: .milliseconds(200))
            #expect(claimed.map(\.attempt) == [1])
            #expect(
                try await ScheduleStore(database: database).claim(
                    1, of: ["orphan"], at: clock.now, lease: .seconds(1)
                ).isEmpty)
            let attempts = Shared<[Int]>([])
            scheduler.handle("orphan") { item in attempts.change { $0.append(item.attempt) } }
            try await running(scheduler) {
                try await eventually("it is done") { try await count(in: database) == 0 }
            }
            #expect(attempts.value == [2])
        }
    }

    @Test func `a failure is tried again after a wait that doubles`() async throws {
        try await withDatabase { database in
            let scheduler = scheduler(on: database)
            let attempts = Shared<[Int]>([])
            scheduler.handle("flaky") { item -> Void in
                attempts.change { $0.append(item.attempt) }
                if item.attempt < 4 { throw Failure() }
            }
            try await scheduler.schedule("flaky", key: "a", at: clock.now, in: database)
            try await running(scheduler) {
                for attempt in 1...3 {
                    try await eventually("attempt \(attempt) has failed") {
                        try await ScheduleStore(database: database).nextDue(of: ["flaky"]) ?? clock.now > clock.now
                    }
                    let due = try #require(try await ScheduleStore(database: database).nextDue(of: ["flaky"]))
                    let longest = Duration.seconds(1 << (attempt - 1))
                    #expect(due - clock.now >= longest / 2 && due - clock.now <= longest)
                    clock.advance(by: longest)
                }
                try await eventually("it is done") { try await count(in: database) == 0 }
            }
            #expect(attempts.value == [1, 2, 3, 4])
        }
    }

    @Test func `an item may ask to be done again`() async throws {
        try await withDatabase { database in
            let scheduler = scheduler(on: database)
            let runs = Shared(0)
            let clock = clock
            scheduler.handle("daily") { _ in
                runs.change { $0 += 1 }
                return .again(at: clock.now + .days(1))
            }
            try await scheduler.schedule("daily", key: "", at: clock.now, in: database)
            try await running(scheduler) {
                for day in 1...3 {
                    try await eventually("day \(day)") { runs.value == day }
                    try await eventually("it is put off") {
                        try await ScheduleStore(database: database).nextDue(of: ["daily"]) == clock.now + .days(1)
                    }
                    clock.advance(by: .days(1))
                }
            }
        }
    }

    @Test func `an item is crossed off together with its effect, and not when it was replaced meanwhile`() async throws
    {
        try await withDatabase { database in
            let scheduler = scheduler(on: database)
            let store = ScheduleStore(database: database)
            try await scheduler.schedule("pay", key: "a", at: clock.now, in: database)
            let item = try #require(
                try await store.claim(1, of: ["pay"], at: clock.now, lease: .seconds(60)).first)
            try await scheduler.schedule("pay", key: "a", at: clock.now + .seconds(9), in: database)
            await #expect(throws: SupersededRun.self) {
                try await database.transaction { tx in try await item.finish(in: tx) }
            }
            try await store.finish(item)
            #expect(try await store.nextDue(of: ["pay"]) == clock.now + .seconds(9))

            clock.advance(by: .seconds(9))
            let next = try #require(
                try await store.claim(1, of: ["pay"], at: clock.now, lease: .seconds(60)).first)
            try await database.transaction { tx in try await next.finish(in: tx) }
            #expect(try await count(in: database) == 0)
        }
    }

    @Test func `what is cancelled is not done`() async throws {
        try await withDatabase { database in
            let scheduler = scheduler(on: database)
            try await scheduler.schedule("pay", key: "a", at: clock.now, in: database)
            try await scheduler.cancel("pay", key: "a", in: database)
            #expect(try await count(in: database) == 0)
        }
    }
}

extension SchedulerTests {
    private func withDatabase(_ body: (Database) async throws -> Void) async throws {
        try await TestDatabase.use(migrations: Migrator(SharedMigrations.all)) { try await body($0) }
    }

    private func scheduler(on database: Database) -> Scheduler {
        var limits = Scheduler.Limits()
        limits.poll = .milliseconds(50)
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
