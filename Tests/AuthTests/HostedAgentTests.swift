import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promises under test: an agent spends what its account allows in a month and not one more, and its keys
/// end with it.
@Suite struct HostedAgentTests {
    private let clock = TestClock()

    private func use(
        _ body: (HostedAgentWorkflow, KeyWorkflow, AccountID) async throws -> Void
    ) async throws {
        try await AuthWorld.use(clock) { try await body($0.agents, $0.keys, $0.account) }
    }

    private func spend(_ count: Int, of agent: HostedAgentID, _ agents: HostedAgentWorkflow) async -> Int {
        await attempts(count) { try await agents.spend(.make(at: clock.now), of: agent) }.successes.count
    }

    // MARK: The account's side

    @Test
    func `an agent has 100 recommendations a month unless told otherwise, and lists show the newest first`()
        async throws
    {
        try await use { agents, _, account in
            let first = try await agents.create(HostedAgentInput(name: "one"), for: account)
            #expect(first.monthlyLimit == 100 && first.version == 1)
            clock.advance(by: .seconds(1))
            let second = try await agents.create(
                HostedAgentInput(name: "two", llmMonthlyLimit: 0), for: account)
            let page = try await agents.page(of: account, after: nil, limit: 1)
            #expect(page.items.map(\.agent.id) == [second.id] && page.items[0].agent.monthlyLimit == 0)
            let rest = try await agents.page(
                of: account, after: page.nextCursor.flatMap { PageCursor($0) }, limit: 1)
            #expect(rest.items.map(\.agent.id) == [first.id] && rest.nextCursor == nil)
            #expect(try await agents.page(of: .make(at: clock.now), after: nil, limit: 1).items.isEmpty)
        }
    }

    @Test func `parallel additions do not pass the limit`() async throws {
        try await use { (agents, _, account) async throws in
            for _ in 0..<HostedAgentWorkflow.limit - 2 {
                _ = try await agents.create(HostedAgentInput(name: "one"), for: account)
            }
            let made = await attempts(6) {
                try await agents.create(HostedAgentInput(name: "more"), for: account)
            }
            #expect(made.successes.count == 2)
            #expect(made.failures.allSatisfy { $0 as? HostedAgentError == .tooMany })
        }
    }

    @Test func `a change counts from the version that was meant, and one without effect changes nothing`()
        async throws
    {
        try await use { agents, _, account in
            let agent = try await agents.create(HostedAgentInput(name: "one"), for: account)
            let update = HostedAgentUpdate(name: "two", llmMonthlyLimit: 5)
            let (changed, used) = try await agents.update(agent.id, update, of: account, expecting: onlyVersion(1))
            #expect(changed.name == "two" && changed.monthlyLimit == 5 && changed.version == 2 && used == 0)
            await #expect(throws: Refusal.self) {
                try await agents.update(agent.id, HostedAgentUpdate(name: "x"), of: account, expecting: onlyVersion(1))
            }
            #expect(try await agents.update(agent.id, update, of: account, expecting: anyVersion).agent == changed)
            #expect(
                try await agents.update(agent.id, HostedAgentUpdate(), of: account, expecting: anyVersion).agent
                    == changed)
        }
    }

    @Test func `other people's agents are not there, nor are removed ones`() async throws {
        try await use { agents, keys, account in
            let agent = try await agents.create(HostedAgentInput(name: "one"), for: account)
            let gone = HostedAgentError.notFound(agent.id)
            let other = Account.signingUp(try .named("eve", id: 2), plan: .free, at: clock.now)
            let stranger = other.id
            try await agents.database.transaction { _ = try await AccountStore().insertIfAbsent(other, in: $0) }
            await #expect(throws: gone) {
                try await agents.update(agent.id, HostedAgentUpdate(), of: stranger, expecting: anyVersion)
            }
            await #expect(throws: gone) { try await agents.delete(agent.id, of: stranger, expecting: anyVersion) }
            await #expect(throws: Refusal.self) {
                try await agents.delete(agent.id, of: account, expecting: onlyVersion(7))
            }
            try await agents.delete(agent.id, of: account, expecting: anyVersion)
            await #expect(throws: gone) { try await agents.delete(agent.id, of: account, expecting: anyVersion) }
            await #expect(throws: gone) {
                try await keys.create(APIKeyInput(hostedAgentID: agent.id), for: account)
            }
            #expect(try await agents.page(of: account, after: nil, limit: 9).items.isEmpty)
        }
    }

    @Test func `removing an agent ends its keys and no others`() async throws {
        try await use { agents, keys, account in
            let agent = try await agents.create(HostedAgentInput(name: "one"), for: account)
            let its = try await keys.create(APIKeyInput(hostedAgentID: agent.id), for: account)
            let successor = try await keys.rotate(its.id, of: account, overlap: .seconds(60))
            let other = try await keys.create(APIKeyInput(), for: account)
            try await agents.delete(agent.id, of: account, expecting: anyVersion)
            let left = try await keys.page(of: account, after: nil, limit: 9).items
            #expect(successor.key.hostedAgentID == agent.id)
            #expect(left.filter { $0.revokedAt == nil }.map(\.id) == [other.id])
        }
    }

    // MARK: Spending

    @Test func `past its limit an agent is paused until the month ends`() async throws {
        try await use { agents, _, account in
            let agent = try await agents.create(
                HostedAgentInput(name: "one", llmMonthlyLimit: 2), for: account)
            #expect(await spend(3, of: agent.id, agents) == 2)
            clock.advance(by: .days(30))
            let error = await #expect(throws: HostedAgentError.self) {
                try await agents.spend(.make(at: clock.now), of: agent.id)
            }
            #expect(error?.code == .agentPaused && error?.retryAfter == .days(1))
            clock.advance(by: .days(1))
            #expect(try await agents.page(of: account, after: nil, limit: 1).items.map(\.used) == [0])
            #expect(await spend(3, of: agent.id, agents) == 2)
        }
    }

    @Test func `however many ask at once, the limit is exact`() async throws {
        try await use { (agents, _, account) async throws in
            let agent = try await agents.create(
                HostedAgentInput(name: "one", llmMonthlyLimit: 7), for: account)
            #expect(await spend(20, of: agent.id, agents) == 7)
            #expect(try await agents.page(of: account, after: nil, limit: 1).items.map(\.used) == [7])
        }
    }

    @Test func `a retry spends nothing more, also at the limit, and what was given back can be spent`()
        async throws
    {
        try await use { (agents, _, account) async throws in
            let agent = try await agents.create(
                HostedAgentInput(name: "one", llmMonthlyLimit: 1), for: account)
            let spending = SpendingID.make(at: clock.now)
            let repeated = await attempts(5) { try await agents.spend(spending, of: agent.id) }
            #expect(repeated.failures.isEmpty)
            #expect(await spend(1, of: agent.id, agents) == 0)
            for _ in 0..<2 { try await agents.giveBack(spending, of: agent.id) }
            #expect(await spend(2, of: agent.id, agents) == 1)
        }
    }

    @Test func `a limit of nothing pauses at once, a raised one goes on`() async throws {
        try await use { agents, _, account in
            let agent = try await agents.create(
                HostedAgentInput(name: "one", llmMonthlyLimit: 0), for: account)
            #expect(await spend(1, of: agent.id, agents) == 0)
            _ = try await agents.update(
                agent.id, HostedAgentUpdate(llmMonthlyLimit: 1), of: account, expecting: anyVersion)
            #expect(await spend(2, of: agent.id, agents) == 1)
            try await agents.delete(agent.id, of: account, expecting: anyVersion)
            #expect(await spend(1, of: agent.id, agents) == 0)
        }
    }

    @Test(arguments: [
        ("2026-01-01T00:00:00Z", "2026-01-01", "2026-02-01"),
        ("2026-01-31T23:59:59Z", "2026-01-01", "2026-02-01"),
        ("2026-02-10T00:00:00Z", "2026-02-01", "2026-03-01"),
        ("2028-02-29T12:00:00Z", "2028-02-01", "2028-03-01"),
        ("2026-12-31T23:59:59Z", "2026-12-01", "2027-01-01"),
        ("2026-04-30T00:00:00Z", "2026-04-01", "2026-05-01"),
    ])
    func `a month is the calendar's`(moment: String, first: String, end: String) throws {
        let month = CalendarMonth(of: try #require(Timestamp(moment)))
        #expect("\(month.firstDay)" == first)
        #expect("\(month.end)" == "\(end)T00:00:00Z")
    }
}
