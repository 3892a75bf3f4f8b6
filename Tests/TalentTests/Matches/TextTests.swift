import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// The promise under test: with a provider of vectors free text counts, the provider is never shown who or how old somebody is,
/// and nobody waits for it.
@Suite struct TextTests {
    private func bio(_ text: String, of person: AccountID, in market: MatchMarket) async throws {
        try await market.talents.update(ProfileUpdate(bio: .set(text)), by: market.talents.caller(person))
        try await settle(market)
    }

    /// Lets texts rest, and asks about them.
    private func settle(_ market: MatchMarket) async throws {
        try await market.matching.features.catchUp(at: market.now)
        market.talents.clock.advance(by: TextWorkflow.rest)
        try await market.matching.texts?.embed()
        try await market.matching.features.catchUp(at: market.now)
    }

    private func pair(_ market: MatchMarket) async throws -> (person: AccountID, company: AccountID) {
        let (person, company) = (try await market.person("React"), try await market.company())
        try await market.gig("React developer for maps of rivers and lakes", of: company)
        return (person, company)
    }

    private func score(_ person: AccountID, in market: MatchMarket) async throws -> Int {
        try #require(try await market.list(person).items.first).scored.total
    }

    @Test(
        arguments: [
            ("Write to ada@example.com or https://ada.example, www.ada.example", "Write to or"),
            ("Ada Lovelace’s maps. Lovelace!", "maps."),
            ("Class of 2014, born '88, +44 20 7946 0000", "Class of born"),
            ("5 years of C++ and k8s", "5 years of C++ and k8s"), ("", ""), ("\u{301}\u{301}", "\u{301}\u{301}"),
        ])
    func `a text is kept without names, addresses and years`(text: String, kept: String) {
        #expect(PlainText.cleaned(text, without: ["Ada Lovelace"]) == kept)
    }

    @Test func `a long text is cut`() {
        let text = String(repeating: "river ", count: 5_000)
        #expect(PlainText.cleaned(text, without: []).unicodeScalars.count == PlainText.most)
    }

    @Test func `closeness is the cosine of two vectors of one model`() throws {
        let east = try #require(TextVector(model: "m", [1, 0]))
        let both = try #require(TextVector(model: "m", [2, 2]))
        #expect(east.closeness(to: east) == 10_000 && east.closeness(to: both) == 7_071)
        #expect(east.closeness(to: try #require(TextVector(model: "m", [-1, 0]))) == 0)
        #expect(east.closeness(to: try #require(TextVector(model: "other", [1, 0]))) == nil)
        #expect(east.closeness(to: try #require(TextVector(model: "m", [1, 0, 0]))) == nil)
        for numbers in [[], [0, 0], [.nan, 1], [.infinity, 1]] as [[Double]] {
            #expect(TextVector(model: "m", numbers) == nil)
        }
        #expect(try JSONValue.decode(TextVector.self, from: try JSONValue.encode(both)) == both)
    }

    @Test func `without a weight, and without a vector on one side, the score is what it was`() throws {
        let vector = try #require(TextVector(model: "m", [1, 0]))
        var person = PersonFeatures(skills: [RatedSkill(key: "react", name: "React", strength: 75)])
        var company = CompanyFeatures(offers: [OfferFeatures(needs: NeededSkill.distinct(["React"]))])
        let plain = MatchScorer(near: MatchScorerTests.near)
        var weighing = plain
        weighing.weights.text = 20
        let before = try #require(plain.score(person, company))
        #expect(weighing.score(person, company) == before)
        person.text = vector
        #expect(weighing.score(person, company) == before)
        company.offers[0].text = vector
        #expect(plain.score(person, company) == before)
        let after = try #require(weighing.score(person, company))
        // (50 * 7500 + 20 * 5000 + 30 * 7500 + 20 * 10000) / 120
        #expect(before.total == 7_000 && after.total == 7_500 && after.text == 10_000)
    }

    @Test func `texts that are close raise the score, and say so`() async throws {
        try await MatchMarket.with(embedder: FakeEmbedder()) { market in
            let (person, _) = try await pair(market)
            try await settle(market)
            let before = try await score(person, in: market)
            try await bio("React developer for maps of rivers and lakes", of: person, in: market)
            #expect(try await score(person, in: market) > before)
            let match = try #require(try await market.list(person).items.first).scored
            #expect(match.explanation?.strengths.contains("The texts have much in common") == true)
            #expect(match.explanation?.summary.contains("texts 100.") == true)
        }
    }

    @Test func `neither the provider nor the score learns of names, addresses, pictures and years`() async throws {
        let embedder = FakeEmbedder()
        try await MatchMarket.with(embedder: embedder) { market in
            let (person, company) = try await pair(market)
            let text = "Grace Hopper, grace@navy.example, class of 1928, makes maps"
            try await bio(text, of: person, in: market)
            _ = try await market.talents.features.talentProfiles.update(
                TalentProfileInput(bio: .set("Initech of 1999, hr@initech.example, draws lakes")), of: company,
                by: market.talents.caller(company, as: .client), at: market.now, expecting: anyVersion)
            try await settle(market)
            let (before, asked) = (try await score(person, in: market), embedder.current.shown.count)
            for secret in ["Grace", "Hopper", "Initech", "@", "1928", "1999", "http"] {
                #expect(!embedder.current.shown.contains { $0.contains(secret) }, "\(secret)")
            }
            #expect(embedder.current.shown.contains { $0.contains("makes maps") })
            _ = try await market.talents.features.talentProfiles.update(
                TalentProfileInput(
                    name: "Ada Byron", bio: .set("Ada Byron, ada@byron.example, class of 1833, makes maps")),
                of: person,
                by: market.talents.caller(person), at: market.now, expecting: anyVersion)
            try await settle(market)
            #expect(embedder.current.shown.count == asked)
            #expect(try await score(person, in: market) == before)
        }
    }

    @Test func `a text is asked about once, and again when it changes`() async throws {
        let embedder = FakeEmbedder()
        try await MatchMarket.with(embedder: embedder) { market in
            let person = try await market.person("React")
            try await bio("maps", of: person, in: market)
            try await settle(market)
            #expect(embedder.current.shown == ["maps"])
            try await bio("lakes", of: person, in: market)
            #expect(embedder.current.shown == ["maps", "lakes"])
        }
    }

    @Test func `nobody waits for a provider that is away, and it is asked again`() async throws {
        let embedder = FakeEmbedder()
        try await MatchMarket.with(embedder: embedder) { market in
            let (person, company) = try await pair(market)
            embedder.change { $0.outage = NoVectors(reason: "away") }
            try await bio("rivers", of: person, in: market)
            #expect(try await market.others(person) == [company])
            embedder.change { $0.outage = nil }
            try await market.matching.texts?.embed()
            #expect(embedder.current.shown.isEmpty)
            market.talents.clock.advance(by: .seconds(30))
            try await market.matching.texts?.embed()
            #expect(embedder.current.shown.contains("rivers"))
        }
    }

    @Test func `a text that is refused keeps no other from its vector`() async throws {
        let embedder = FakeEmbedder()
        try await MatchMarket.with(embedder: embedder) { market in
            embedder.change { $0.refused = "forbidden" }
            let (one, other) = (try await market.person("React"), try await market.person("React"))
            try await market.talents.update(
                ProfileUpdate(bio: .set("forbidden rivers")), by: market.talents.caller(one))
            try await bio("lakes", of: other, in: market)
            #expect(embedder.current.shown == ["lakes"])
            let due = try await MatchTextStore().due(10, at: market.now + .days(1), in: market.database)
            #expect(due.isEmpty)
        }
    }

    @Test func `texts go with the account and with the gig`() async throws {
        try await MatchMarket.with(embedder: FakeEmbedder()) { market in
            let (person, company) = (try await market.person("React"), try await market.company())
            let gig = try await market.gig("React developer", of: company)
            try await bio("rivers", of: person, in: market)
            func count() async throws -> Int64 {
                try await market.database.one("SELECT count(*) AS texts FROM match_texts") { try $0.decode("texts") }
            }
            #expect(try await count() == 2)
            try await market.gig("React developer", of: company, as: gig, status: .closed, sequence: 2, .gigUpdated)
            #expect(try await count() == 1)
            try await market.leave(person)
            try await market.matching.features.catchUp(at: market.now)
            #expect(try await count() == 0)
        }
    }
}
