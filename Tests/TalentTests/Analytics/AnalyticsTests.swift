import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// The promise under test: figures are for those whom they are about, and figures of the platform tell of nobody.
@Suite struct AnalyticsTests {
    private func enterprise(_ market: MatchMarket, _ plan: Plan = .enterprise) -> Principal {
        Principal(
            accountID: market.talents.account, userType: .freelancer, isAdmin: false, plan: plan, credential: .apiKey)
    }

    @Test func `a new account has figures of nothing`() async throws {
        try await MatchMarket.with { market in
            let figures = try await market.figures(of: market.talents.account)
            #expect(figures.profileViews == ProfileViewFigures(total: 0, thisWeek: 0, growth: "+0%"))
            #expect(
                figures.matches
                    == OwnMatchFigures(totalReceived: 0, accepted: 0, acceptanceRate: "0.0%", avgMatchScore: 0))
            #expect(
                figures.messages
                    == OwnMessageFigures(sent: 0, received: 0, responseRate: "0.0%", avgResponseTime: "0h 0m"))
            #expect(figures.skillsTrending.isEmpty)
        }
    }

    @Test func `another's figures are refused whether the account exists or not, and a deleted one has none`()
        async throws
    {
        try await MatchMarket.with { market in
            let (other, caller) = (try await market.person("React"), market.talents.caller())
            for id in [other, AccountID.make(at: .start)] {
                await #expect(throws: AnalyticsError.notYours) {
                    try await market.talents.features.analytics.own(id, by: caller, at: market.now)
                }
            }
            try await market.leave(other)
            await #expect(throws: ProfileError.notFound(other)) { try await market.figures(of: other) }
        }
    }

    @Test(arguments: Plan.allCases)
    func `figures of the platform are for Enterprise and Custom`(plan: Plan) async throws {
        try await MatchMarket.with { market in
            let caller = enterprise(market, plan)
            if [.enterprise, .custom].contains(plan) {
                let figures = try await market.talents.features.analytics.platform(for: caller, at: market.now)
                #expect(figures.period.to == market.now && figures.period.from == Timestamp("2025-12-03T00:00:00Z"))
            } else {
                await #expect(throws: AnalyticsError.notOnThisPlan) {
                    try await market.talents.features.analytics.platform(for: caller, at: market.now)
                }
            }
        }
    }

    @Test func `a skill or an industry is shown once five companies name it, and no longer than that`() async throws {
        try await MatchMarket.with { market in
            var gigs: [(owner: AccountID, id: GigID)] = []
            for number in 1...5 {
                let company = try await market.company("Company \(number)")
                _ = try await market.talents.features.talentProfiles.update(
                    TalentProfileInput(company: .set(CompanyFacts(industry: "Robotics"))), of: company,
                    by: market.talents.caller(company, as: .client), at: market.now, expecting: anyVersion)
                // A second gig of a company is not a second company.
                for _ in 0..<2 {
                    gigs.append((company, try await market.gig("React developer", of: company)))
                }
                try await market.matching.features.catchUp(at: market.now)
                let figures = try await market.platform()
                #expect(figures.topSkills == (number < 5 ? [] : [SkillDemand(skill: "React", demandScore: 100)]))
                #expect(figures.topIndustries == (number < 5 ? [] : ["robotics"]))
            }
            #expect(try await market.figures(of: market.talents.account).skillsTrending.map(\.skill) == ["React"])
            for gig in gigs.prefix(2) {
                try await market.gig(
                    "React developer", of: gig.owner, as: gig.id, status: .closed, sequence: 2, .gigUpdated)
            }
            try await market.matching.features.catchUp(at: market.now)
            let after = try await market.platform()
            #expect(after.topSkills.isEmpty)
        }
    }

    @Test func `the platform's figures have no id, name or address in them`() async throws {
        try await MatchMarket.with { market in
            let person = try await market.person("React", name: "Grace Hopper")
            let company = try await market.company("Initech")
            try await market.gig("React developer", of: company)
            _ = try await market.list(person)
            let text = String(decoding: try JSONValue.encode(try await market.platform()), as: UTF8.self)
            for secret in ["\(person)", "\(company)", person.prefixed, "Grace", "Initech", "React"] {
                #expect(!text.contains(secret))
            }
        }
    }

    @Test func `a message that comes twice counts once, and one about a deleted account for the platform alone`()
        async throws
    {
        try await MatchMarket.with { market in
            let (one, other) = (try await market.person("React"), try await market.company())
            let id = try await market.message(from: one, to: other, answersAfter: 8_100)
            try await market.message(from: one, to: other, answersAfter: 8_100, id: id)
            let figures = try await market.figures(of: one)
            #expect(
                figures.messages
                    == OwnMessageFigures(sent: 1, received: 0, responseRate: "0.0%", avgResponseTime: "2h 15m"))
            #expect(try await market.figures(of: other, as: .client).messages.received == 1)
            try await market.leave(one)
            try await market.message(from: one, to: other, answersAfter: nil)
            #expect(try await market.platform().messages.sent == 2)
            let rows: Int64 = try await market.database.one(
                """
                SELECT (SELECT count(*) FROM figure_changes WHERE user_id = \(one))
                     + (SELECT count(*) FROM account_figures WHERE user_id = \(one)) AS rows
                """
            ) { try $0.decode("rows") }
            #expect(rows == 0)
        }
    }
}

extension MatchMarket {
    func figures(of account: AccountID, as type: UserType = .freelancer) async throws -> UserAnalytics {
        try await talents.features.analytics.own(account, by: talents.caller(account, as: type), at: now)
    }

    func platform() async throws -> PlatformAnalytics {
        let caller = Principal(
            accountID: talents.account, userType: .freelancer, isAdmin: false, plan: .enterprise, credential: .apiKey)
        return try await talents.features.analytics.platform(for: caller, at: now)
    }

    /// Messages tells of a message.
    @discardableResult
    func message(
        from sender: AccountID, to recipient: AccountID, beginsTurn: Bool = true, answersAfter seconds: Int64?,
        id: EventID = .make(at: .start)
    ) async throws -> EventID {
        try await talents.tell(
            InternalEventName.messageCounted.rawValue,
            try JSONValue.parse(
                try JSONValue.encode(
                    MessageCount(
                        senderID: sender, recipientID: recipient, sentAt: now, beginsTurn: beginsTurn,
                        answersAfterSeconds: seconds))), id: id)
    }

    /// Auth tells that an account was deleted.
    func leave(_ account: AccountID) async throws {
        talents.peers.change { $0.accounts[account] = nil }
        try await talents.tell(
            InternalEventName.accountDeleted.rawValue, of: EventAggregate(account.uuid),
            ["user_id": .string("\(account)")])
    }
}
