import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// The promise under test: matches follow what people and companies say, in the background, and none is told of twice.
@Suite struct RematchTests {
    private func count(_ market: MatchMarket, _ status: MatchStatus) async throws -> Int {
        try await market.database.one("SELECT count(*) AS matches FROM matches WHERE status = \(status)") {
            try $0.decode("matches")
        }
    }

    @Test func `a change of a profile or a gig makes matches without anybody asking`() async throws {
        try await MatchMarket.with { market in
            let person = try await market.person("Photoshop")
            let company = try await market.company()
            try await market.gig("React developer", of: company)
            try await market.talents.update(
                ProfileUpdate(skills: .set(["Next.js"])), by: market.talents.caller(person))
            try await market.talents.scheduler.run(until: "both are matched") {
                try await market.told(.matchCreated).count == 2
            }
            try await market.gig("Photoshop artist", of: try await market.company("Second"))
            let artist = try await market.person("Photoshop")
            market.talents.clock.advance(by: .seconds(3))
            try await market.talents.scheduler.run(until: "the artist is matched") {
                try await market.told(.matchCreated).contains { $0.to == [artist] }
            }
            #expect(try await market.told(.matchCreated).count == 4)
        }
    }

    @Test func `a gig that is closed, deleted or a draft makes no match, and ends those it made`() async throws {
        try await MatchMarket.with { market in
            let person = try await market.person("React")
            let company = try await market.company()
            let gig = try await market.gig("React developer", of: company, status: .draft)
            #expect(try await market.others(person).isEmpty)
            try await market.gig("React developer", of: company, as: gig, sequence: 2, .gigUpdated)
            #expect(try await market.others(person) == [company])
            try await market.gig("React developer", of: company, as: gig, status: .closed, sequence: 3, .gigUpdated)
            #expect(try await market.others(person).isEmpty)
            #expect(try await market.others(company).isEmpty)
            #expect(try await count(market, .expired) == 2)
            // Older news comes late.
            try await market.gig("React developer", of: company, as: gig, sequence: 2, .gigUpdated)
            #expect(try await market.others(person).isEmpty)
            try await market.gig("React developer", of: company, as: gig, sequence: 4, .gigUpdated)
            #expect(try await market.others(person) == [company])
            try await market.gig("React developer", of: company, as: gig, sequence: 5, .gigDeleted)
            #expect(try await market.others(person).isEmpty)
        }
    }

    @Test func `a change of skills changes the score of a match, and a decided one stays`() async throws {
        try await MatchMarket.with { market in
            let person = try await market.person("React")
            let company = try await market.company()
            try await market.gig("React and PostgreSQL developer", of: company)
            let before = try await market.match(of: company, with: person)
            try await market.talents.update(
                ProfileUpdate(skills: .set(["React", "PostgreSQL"])), by: market.talents.caller(person))
            _ = try await market.list(person)
            let after = try await market.match(of: company, with: person)
            #expect(after.id == before.id && [before, after].map(\.points.technical) == [38, 75])
            try await market.act(.accept, on: after)
            try await market.talents.update(ProfileUpdate(skills: .set([])), by: market.talents.caller(person))
            #expect(try await market.others(person).isEmpty)
            #expect(try await market.list(company).items.map(\.scored.match.status) == [.accepted])
        }
    }

    @Test func `an undecided match ends after seven days, and a new one is told of`() async throws {
        try await MatchMarket.with { market in
            let person = try await market.person("React")
            let company = try await market.company()
            try await market.gig("React developer", of: company)
            let first = try await market.match(of: person, with: company)
            market.talents.clock.advance(by: .days(7))
            try await market.matching.expire(at: market.now)
            #expect(try await count(market, .expired) == 2)
            let second = try await market.match(of: person, with: company)
            #expect(second.id != first.id)
            #expect(try await market.told(.matchCreated).count == 4)
        }
    }

    @Test func `a list has at most a hundred, and lets somebody in who suits better than the last`() async throws {
        try await MatchMarket.with { market in
            let company = try await market.company()
            try await market.gig("React and PostgreSQL developer", of: company)
            try await market.database.execute(
                """
                INSERT INTO profiles (user_id, display_name, skills, user_type, created_at, updated_at)
                SELECT gen_random_uuid(), 'Somebody', '{React}', 'freelancer', \(market.now), \(market.now)
                  FROM generate_series(1, 130)
                """)
            #expect(try await market.list(company).total == RematchWorkflow.most)
            let better = try await market.person("React", "PostgreSQL")
            _ = try await market.list(better)
            let list = try await market.list(company)
            #expect(list.total == RematchWorkflow.most + 1)
            #expect(list.items.first?.scored.match.otherID == better)
            _ = try await market.list(try await market.person("React"))
            #expect(try await market.list(company).total == RematchWorkflow.most + 1)
        }
    }

    @Test func `nothing of a deleted account stays`() async throws {
        try await MatchMarket.with { market in
            let person = try await market.person("React")
            let company = try await market.company()
            try await market.gig("React developer", of: company)
            let match = try await market.match(of: company, with: person)
            try await market.talents.tell(
                InternalEventName.accountDeleted.rawValue, of: EventAggregate(person.uuid),
                ["user_id": .string("\(person)")])
            await #expect(throws: MatchError.notFound(match.id)) {
                try await market.matching.workflow.details(match.id, by: company, at: market.now)
            }
            #expect(try await market.others(company).isEmpty)
            for table in ["matches", "match_pages"] {
                #expect(
                    try await market.database.one("SELECT count(*) AS rows FROM \(identifier: table)") {
                        try $0.decode("rows", as: Int64.self)
                    } == 0)
            }
            #expect(
                try await market.database.one(
                    "SELECT count(*) AS rows FROM match_features WHERE user_id = \(person) AND features IS NOT NULL"
                ) { try $0.decode("rows", as: Int64.self) } == 0)
        }
    }

    @Test func `an account that changes sides is matched from the other side`() async throws {
        try await MatchMarket.with { market in
            let account = try await market.person("React")
            let company = try await market.company()
            try await market.gig("React developer", of: company)
            #expect(try await market.others(account) == [company])
            let facts = try #require(market.talents.peers.current.accounts[account])
            try await ProfileStore().follow(facts.changed(to: .client, version: 9), at: market.now, in: market.database)
            #expect(try await market.others(company).isEmpty)
            let worker = try await market.person("React")
            #expect(Set(try await market.others(worker)) == [company, account])
        }
    }

    @Test func `a profile from before matching is matched when somebody reads, not all at once`() async throws {
        try await MatchMarket.with { market in
            let company = try await market.company()
            try await market.gig("React developer", of: company)
            let person = try await market.person("React")
            try await market.database.execute("UPDATE match_news SET is_old = true")
            try await market.matching.features.catchUp(at: market.now)
            let scheduled: Int = try await market.database.one(
                "SELECT count(*) AS items FROM scheduled WHERE kind = \(Rematch.kind)"
            ) { try $0.decode("items") }
            #expect(scheduled == 0)
            #expect(try await market.others(person) == [company])
        }
    }

    @Test func `work that was scheduled before an upgrade is read after it`() throws {
        #expect(Rematch.kind == "talent.match")
        let id = AccountID.make(at: .start)
        #expect(try Rematch(key: "\(id)", payload: .null).subject == id)
        #expect(throws: UnreadableWork.self) { try Rematch(key: "somebody", payload: .null) }
    }
}
