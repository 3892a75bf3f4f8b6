import Postgres
import SharedModels
import TestSupport
import Testing

@testable import AuthService

/// The promise under test: however many requests come at once, an account never gets more than its plan allows.
@Suite struct UsageStoreTests {
    private let clock = TestClock()

    /// Asks until nothing is granted any more.
    private func exhaust(
        _ account: AccountID, _ limits: PlanLimits, in database: Database
    ) async throws -> (total: Int, grants: [Int]) {
        var grants: [Int] = []
        while true {
            let charge = try await UsageStore().charge(account, limits, unspent: 0, at: clock.now, in: database)
            if charge.requests == 0 { return (grants.reduce(0, +), grants) }
            grants.append(charge.requests)
        }
    }

    @Test(arguments: [Plan.free, .pro, .enterprise])
    func `at one moment a plan gives its burst, the last requests one by one`(plan: Plan) async throws {
        let limits = try #require(plan.limits)
        try await AuthWorld.use(clock) { world in
            let (database, account) = (world.database, world.account)
            let (total, grants) = try await exhaust(account, limits, in: database)
            #expect(total == limits.burst)
            #expect(grants.first == min(128, (limits.burst + 15) / 16))
            #expect(grants.suffix(16).allSatisfy { $0 == 1 })
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
            var total = 0
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
            #expect(first.requests == 7 && first.windowUsed == 7 && first.dayUsed == 7)
            let second = try await UsageStore().charge(account, limits, unspent: 6, at: clock.now, in: database)
            #expect(second.requests == 7 && second.windowUsed == 8 && second.dayUsed == 8)
            #expect(second.bucket == 92_000_000)
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
