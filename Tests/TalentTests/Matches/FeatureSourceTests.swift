import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// The promise under test: what people say of themselves on any surface counts for matching, and nothing else of it.
@Suite struct FeatureSourceTests {
    private func features(_ market: MatchMarket, _ user: AccountID) async throws -> MatchFeatures? {
        try await market.matching.features.catchUp(at: market.now)
        return try await FeatureStore().find([user], in: market.database)[user]
    }

    @Test func `levels, years, place and preferences of a person count`() async throws {
        try await MatchMarket.with { market in
            let person = try await market.person("React.js", "Go")
            guard case .person(let plain)? = try await features(market, person) else { throw StillUnknown() }
            #expect(plain.skills.map(\.strength) == [75, 75] && plain.years == nil && plain.place == Place())
            try await market.database.execute(
                """
                UPDATE profiles
                   SET skill_facts = '[{"name": "React.js", "level": "expert", "years": 4, "skill_id": null}]'
                 WHERE user_id = \(person)
                """)
            guard case .person(let skilled)? = try await features(market, person) else { throw StillUnknown() }
            #expect(skilled.skills.map(\.strength) == [100, 75] && skilled.years == 4)
            try await market.database.execute(
                """
                INSERT INTO talent_features (user_id, location, remote_work, experience_years, role_types, industries)
                VALUES (\(person), 'Berlin,  Germany', true, 6, '{Contract}', '{Health  Care}')
                """)
            guard case .person(let whole)? = try await features(market, person) else { throw StillUnknown() }
            #expect(whole.years == 6 && whole.place == Place(city: "berlin", country: "germany", isRemote: true))
            #expect(whole.roleTypes == ["contract"] && whole.industries == ["health care"] && whole.companySizes == [])
        }
    }

    @Test func `Skillhouse's level and city count where SkillSync knows nothing`() async throws {
        try await MatchMarket.with { market in
            let person = try await market.person("Go")
            try await market.database.execute(
                """
                INSERT INTO work_details (user_id, city, country, experience_level, is_freelancer_completed)
                VALUES (\(person), 'Pune', 'India', 'Expert', true)
                """)
            guard case .person(let found)? = try await features(market, person) else { throw StillUnknown() }
            #expect(found.years == 8 && found.place == Place(city: "pune", country: "india"))
        }
    }

    @Test func `a company is known by its kind, size and industry, and shown with them`() async throws {
        try await MatchMarket.with { market in
            let (person, company) = (try await market.person("Go"), try await market.company("Initech"))
            try await market.gig("Golang developer", of: company)
            try await market.database.execute(
                """
                INSERT INTO talent_features (user_id, location, company_type, company_size, company_industry)
                VALUES (\(company), 'Berlin, Germany', 'startup', '11-50', 'Technology')
                """)
            guard case .company(let found)? = try await features(market, company) else { throw StillUnknown() }
            #expect(found.sizes == ["startup", "11-50", "small"] && found.industries == ["technology"])
            let shown = try #require(try await market.list(person).items.first).view(for: .freelancer)
            #expect(
                shown.profile
                    == MatchedProfile(
                        name: "Initech", title: nil, type: "startup", logo: nil, location: "Berlin, Germany",
                        companySize: "11-50", industry: "Technology"))
        }
    }

    @Test(
        arguments: [
            (nil, nil, []), ("Startup", nil, ["startup"]), (nil, "1-10", ["1-10", "micro"]),
            (nil, "200", ["200", "medium"]),
            (nil, "251-1000", ["251-1000", "large"]), ("small", "11-50", ["small", "11-50"]),
            (nil, "huge", ["huge"]),
        ] as [(String?, String?, [String])])
    func `a size has a word`(type: String?, size: String?, words: [String]) {
        #expect(CompanySize.words(type: type, size: size) == words)
    }
}

/// Nothing is known of an account.
private struct StillUnknown: Error {}
