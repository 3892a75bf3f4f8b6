import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// The promise under test: each side sees who fits it, once, and the same list to its end.
@Suite struct MatchListTests {
    @Test func `a person finds companies by their open work, and a company finds people`() async throws {
        try await MatchMarket.with { market in
            let person = try await market.person("ReactJS", "PostgreSQL")
            let other = try await market.person("Photoshop")
            let company = try await market.company()
            let gig = try await market.gig("React and Postgres developer", of: company)
            let found = try await market.list(person)
            #expect(found.items.map(\.scored.match.otherID) == [company])
            let view = try #require(found.items.first).view(for: .freelancer)
            #expect(view.profile.name == "Initech")
            #expect(view.work == MatchedWork(gigID: gig, title: "React and Postgres developer"))
            #expect(
                view.skillsMatched == [.init(skill: "Postgres", hundredths: 75), .init(skill: "React", hundredths: 75)])
            #expect(view.compatibilityScores == CompatibilityScores(technical: 75, cultural: 50, experience: 75))
            #expect(view.matchScore == 70 && view.status == .pending)
            #expect(view.expiresAt == market.now + .days(7))
            #expect(view.nextActions.map(\.action) == ["accept", "reject", "save"])
            #expect(try await market.others(company) == [person])
            #expect(try await market.others(other) == [])
        }
    }

    @Test func `each match is told of once, to its user, however often lists are read`() async throws {
        try await MatchMarket.with { market in
            let person = try await market.person("React")
            let company = try await market.company()
            try await market.gig("React developer", of: company)
            _ = try await market.list(person)
            let told = try await market.told(.matchCreated)
            #expect(Set(told.map(\.to)) == [[person], [company]])
            let own = try #require(told.first { $0.to == [person] }?.data)
            let match = try await market.match(of: person, with: company)
            #expect(own["match_id"]?.string == match.id.prefixed)
            #expect(own["user_id"]?.string == person.prefixed)
            #expect(own["matched_user_id"]?.string == company.prefixed)
            #expect(own["match_score"]?.integer == Int64(match.points.total))
            #expect(own["skills_matched"]?.array?.map(\.string) == ["React"])
            #expect(own["expires_at"]?.string == "\(market.now + .days(7))")
            for user in [person, company] { _ = try await market.list(user) }
            let read = await attempts(20) { try await market.list($0.isMultiple(of: 2) ? person : company) }
            #expect(read.failures.isEmpty)
            #expect(try await market.told(.matchCreated).count == 2)
        }
    }

    @Test func `two who are read at the same time for the first time are matched once on each side`() async throws {
        try await MatchMarket.with { market in
            let people = [
                try await market.person("React"), try await market.person("Next.js"), try await market.person("Vue"),
            ]
            let companies = [try await market.company("One"), try await market.company("Two")]
            for company in companies { try await market.gig("React developer", of: company) }
            let read = await attempts(30) { try await market.list((people + companies)[$0 % 5]) }
            #expect(read.failures.isEmpty)
            for person in people { #expect(Set(try await market.others(person)) == Set(companies)) }
            for company in companies { #expect(Set(try await market.others(company)) == Set(people)) }
            #expect(try await market.told(.matchCreated).count == 12)
        }
    }

    @Test func `filters take what they say`() async throws {
        try await MatchMarket.with { market in
            let person = try await market.person("React", "Go", "Kubernetes")
            let (one, two) = (try await market.company("One"), try await market.company("Two"))
            try await market.gig("Senior React developer, remote", of: one)
            try await market.gig("Junior Golang and COBOL developer with Excel, Figma and Photoshop", of: two)
            func others(_ filter: MatchFilter) async throws -> [AccountID] { try await market.others(person, filter) }
            #expect(try await others(MatchFilter(minimumScore: 0)) == [one, two])
            let scores = try await market.list(person).items.map(\.scored.points.total)
            #expect(try await others(MatchFilter(minimumScore: scores[0])) == [one])
            #expect(try await others(MatchFilter(minimumScore: 100)) == [])
            #expect(try await others(MatchFilter(minimumScore: 0, skills: ["reactjs"])) == [one])
            #expect(try await others(MatchFilter(minimumScore: 0, skills: ["GO", "cobol"])) == [two])
            #expect(try await others(MatchFilter(minimumScore: 0, skills: ["Haskell"])) == [])
            #expect(try await others(MatchFilter(minimumScore: 0, location: "Remote")) == [one])
            #expect(try await others(MatchFilter(minimumScore: 0, location: "Berlin")) == [])
            #expect(try await others(MatchFilter(minimumScore: 0, experience: .senior)) == [one])
            #expect(try await others(MatchFilter(minimumScore: 0, experience: .junior)) == [two])
        }
    }

    @Test func `a list is whole to its end, whatever changes meanwhile`() async throws {
        try await MatchMarket.with { market in
            let company = try await market.company()
            try await market.gig("React and PostgreSQL developer", of: company)
            var people: Set<AccountID> = []
            for _ in 0..<9 { people.insert(try await market.person("React")) }
            let first = try await market.list(company, limit: 4)
            #expect(first.total == 9 && first.page == 1)
            for person in people.prefix(5) {
                try await market.talents.update(
                    ProfileUpdate(skills: .set(["React", "PostgreSQL"])), by: market.talents.caller(person))
            }
            _ = try await market.person("React", "Postgres")
            _ = try await market.list(company, limit: 4)
            #expect(first.next != nil)
            let second = try await market.list(company, after: first.next, limit: 4)
            #expect(second.next != nil)
            let third = try await market.list(company, after: second.next, limit: 4)
            #expect((second.page, third.page) == (2, 3))
            let all = [first, second, third].flatMap { $0.items.map(\.scored.match.otherID) }
            #expect(all.count == 9 && Set(all) == people && third.next == nil)
            #expect(try await market.list(company, page: 3, limit: 4).items.count == 2)
            #expect(try await market.list(company, page: 4, limit: 4).items.isEmpty)
        }
    }

    @Test func `a cursor is its owner's, and lives an hour`() async throws {
        try await MatchMarket.with { market in
            let company = try await market.company()
            try await market.gig("React developer", of: company)
            let person = try await market.person("React")
            _ = try await market.person("React")
            let next = try await market.list(company, limit: 1).next
            #expect(next != nil)
            await #expect(throws: InvalidParameter.self) { try await market.list(person, after: next) }
            market.talents.clock.advance(by: .hours(2))
            try await market.talents.scheduler.run(until: "old pages are gone") {
                try await market.database.one("SELECT count(*) AS pages FROM match_pages") {
                    try $0.decode("pages", as: Int64.self)
                } == 0
            }
            await #expect(throws: InvalidParameter.self) { try await market.list(company, after: next) }
        }
    }

    @Test func `names, pictures, mail addresses and a year of graduation change no score`() async throws {
        try await MatchMarket.with { market in
            let person = try await market.person("React", "Figma", name: "Anna Müller")
            let company = try await market.company()
            try await market.gig("React developer", of: company)
            let before = try await market.list(person).items.map(\.scored.points)
            #expect(before.count == 1)
            let facts = AccountFacts.sample(person, name: "Mohammed Okafor", github: "mo", email: "mo@example.com")
            market.talents.peers.change { $0.accounts[person] = facts.changed(version: 9) }
            try await market.talents.tell(
                InternalEventName.accountUpdated.rawValue, of: EventAggregate(person.uuid),
                ["user_id": .string("\(person)"), "github_username": "mo"])
            try await market.talents.update(
                ProfileUpdate(
                    displayName: .set("Mohammed Okafor"), bio: .set("Graduated in 1971. Call me."),
                    portfolioWebsiteURL: .set("https://example.com/me.jpg")),
                by: market.talents.caller(person))
            let after = try await market.list(person).items
            #expect(after.map(\.scored.points) == before)
            #expect(try await market.list(company).items.map(\.scored.points) == before)
            #expect(try await market.list(company).items.first?.profile.name == "Mohammed Okafor")
            #expect(try await market.told(.matchCreated).count == 2)
        }
    }

    @Test func `details say why, to the match's user alone`() async throws {
        try await MatchMarket.with { market in
            let person = try await market.person("React")
            let company = try await market.company()
            try await market.gig("React and Go developer, 5 years, Kubernetes", of: company)
            let match = try await market.match(of: person, with: company)
            let (shown, insights) = try await market.matching.workflow.details(match.id, by: person, at: market.now)
            #expect(shown.scored.match.id == match.id)
            #expect(insights.strengths.first == "1 of 2 skills asked for: React")
            #expect(insights.gaps == ["Not there: Kubernetes"])
            #expect(insights.scoreBreakdown.technical == ScorePart(score: 38, weight: 50))
            #expect(insights.scoreBreakdown.experience == ScorePart(score: 75, weight: 30))
            #expect(insights.improvements.map(\.suggestion).contains("Kubernetes among the skills"))
            await #expect(throws: MatchError.notFound(match.id)) {
                try await market.matching.workflow.details(match.id, by: company, at: market.now)
            }
            let none = MatchID.make(at: .start)
            await #expect(throws: MatchError.notFound(none)) {
                try await market.matching.workflow.details(none, by: person, at: market.now)
            }
        }
    }
}
