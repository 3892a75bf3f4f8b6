import Postgres
import SharedModels
import TestSupport
import Testing

@testable import AuthService

/// The promise under test: however many requests come at once, an account never gets more than its plan allows.
@Suite struct UsageStoreTests {
    private let clock = TestClock()

    /// Asks until nothing is granted any more.
    ///
    /// - Returns: How many requests were granted, and how many of the minute were used after each of them.
    private func exhaust(
        _ account: AccountID, _ limits: PlanLimits, in database: Database
    ) async throws -> (total: Int, used: [Int]) {
        var used: [Int] = []
        while true {
            let charge = try await UsageStore().charge(account, limits, unspent: 0, at: clock.now, in: database)
            if charge.requests == 0 { return (used.count, used) }
            try #require(charge.requests == 1)
            used.append(charge.windowUsed)
        }
    }

    @Test(arguments: [Plan.free, .pro, .enterprise])
    func `at one moment a plan gives its burst, and each request counts at once`(plan: Plan) async throws {
        let limits = try #require(plan.limits)
        try await AuthWorld.use(clock) { world in
            let (database, account) = (world.database, world.account)
            let (total, used) = try await exhaust(account, limits, in: database)
            #expect(total == limits.burst)
            #expect(used == Array(1...limits.burst))
        }
    }

    @Test(arguments: [Plan.free, .pro, .enterprise])
    func `the bucket refills with the plan's rate`(plan: Plan) async throws {
        let limits = try #require(plan.limits)
        try await AuthWorld.use(clock) { world in
            let (database, account) = (world.database, world.account)
            _ = try await exhaust(account, limits, in: database)
            clock.advance(by: .seconds(30))
            let (total, _) = try await exhaust(account, limits, in: database)
            #expect((limits.perMinute / 2 - 1...limits.perMinute / 2).contains(total))
            clock.advance(by: .hours(2))
            #expect(try await exhaust(account, limits, in: database).total == limits.burst)
        }
    }

    @Test(arguments: [Plan.free, .pro, .enterprise])
    func `a day gives what the plan has, and the next day begins later`(plan: Plan) async throws {
        let limits = try #require(plan.limits)
        try await AuthWorld.use(clock) { world in
            let (database, account) = (world.database, world.account)
            let before = limits.perDay - limits.burst - 100
            try await database.execute("UPDATE usage SET day = \(clock.now.day), day_used = \(before)")
            var total = before
            while total < limits.perDay {
                let granted = try await exhaust(account, limits, in: database).total
                try #require(granted > 0)
                total += granted
                clock.advance(by: .minutes(3))
            }
            #expect(total == limits.perDay)
            let charge = try await UsageStore().charge(account, limits, unspent: 0, at: clock.now, in: database)
            #expect(charge.requests == 0)
            #expect(GrantPolicy.grant(charge, under: limits, at: clock.now).retryAfterSeconds > 3600)
            clock.advance(by: .days(1))
            #expect(try await exhaust(account, limits, in: database).total == limits.burst)
        }
    }

    @Test func `many services at once share one burst`() async throws {
        let limits = try #require(Plan.free.limits)
        try await AuthWorld.use(clock) { world in
            let (database, account) = (world.database, world.account)
            let now = clock.now
            let granted = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<200 {
                    group.addTask {
                        try await UsageStore().charge(account, limits, unspent: 0, at: now, in: database).requests
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(granted == limits.burst)
        }
    }

    @Test func `what was not used comes back`() async throws {
        let limits = try #require(Plan.free.limits)
        try await AuthWorld.use(clock) { world in
            let (database, account) = (world.database, world.account)
            let first = try await UsageStore().charge(account, limits, unspent: 0, at: clock.now, in: database)
            #expect(first.requests == 1 && first.windowUsed == 1 && first.dayUsed == 1)
            let second = try await UsageStore().charge(account, limits, unspent: 1, at: clock.now, in: database)
            #expect(second.requests == 1 && second.windowUsed == 1 && second.dayUsed == 1)
            #expect(second.bucket == 99_000_000)
        }
    }

    @Test func `a minute begins with its first request`() async throws {
        let limits = try #require(Plan.pro.limits)
        try await AuthWorld.use(clock) { world in
            let (database, account) = (world.database, world.account)
            let start = clock.now
            let first = try await UsageStore().charge(account, limits, unspent: 0, at: start, in: database)
            #expect(first.windowStartedAt == start)
            clock.advance(by: .seconds(59))
            let same = try await UsageStore().charge(account, limits, unspent: 0, at: clock.now, in: database)
            #expect(same.windowStartedAt == start)
            clock.advance(by: .seconds(1))
            let next = try await UsageStore().charge(account, limits, unspent: 0, at: clock.now, in: database)
            #expect(next.windowStartedAt == clock.now && next.windowUsed == next.requests)
        }
    }
}
