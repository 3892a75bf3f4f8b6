import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// The promise under test: what the service does costs the same with few profiles and matches and with very many.
@Suite struct TalentGrowthTests {
    @Test func `nothing that is asked of talent reads more rows when there are more`() async throws {
        try await PlanWatch.use { watch in
            try await MatchMarket.with { market in
                let (person, company) = (try await market.person("swift"), try await market.company())
                try await market.gig("Swift work", of: company)
                let match = try await market.match(of: person, with: company)
                let findings = try await watch.judge(
                    market.database, requests(market, person, company, match),
                    within: PlanWatch.Bounds(small: ["near_skills"]), fill: crowd(person, company))
                #expect(findings.isEmpty, "\(findings.joined(separator: "\n"))")
            }
        }
    }

    private func requests(
        _ market: MatchMarket, _ person: AccountID, _ company: AccountID, _ match: Match
    ) -> [PlanWatch.Request] {
        let talents = market.talents
        return [
            .init("a profile") {
                _ = try await talents.own(person)
                _ = try await talents.published([person, company])
                _ = try await talents.features.talentProfiles.profile(person, for: company, at: market.now)
            },
            .init("profiles", rows: Double(ProfileStore.longestCount)) {
                for skills in [[], ["swift"], ["skill7"], ["skill7", "skill8", "swift"]] {
                    let filter = ProfileFilter(skills: skills.map { SkillName($0) })
                    _ = try await talents.features.talentProfiles.page(filter, 1, of: 20)
                }
                for name in ["ada", "some", "nobody", "some nobody", "some ada"] {
                    let filter = ProfileFilter(name: name, userType: .freelancer)
                    _ = try await talents.features.talentProfiles.page(filter, 1, of: 20)
                }
                for (skills, location) in [([], "place7"), ([], "Everywhere"), ([], "nowhere"), (["skill7"], "place7")]
                {
                    let filter = ProfileFilter(skills: skills.map { SkillName($0) }, location: location)
                    _ = try await talents.features.talentProfiles.page(filter, 1, of: 20)
                }
            },
            .init("a changed profile") {
                try await talents.update(ProfileUpdate(bio: .set("I build compilers")), by: talents.caller(person))
            },
            .init("a gig for matching") { try await market.gig("Another gig", of: company) },
            .init("matches") {
                _ = try await market.list(person)
                _ = try await market.matching.workflow.details(match.id, by: person, at: market.now)
                _ = try await market.matching.workflow.live(between: person, company, at: market.now)
            },
            .init("fresh matches") { try await market.matching.rematching.rematch(person, at: market.now) },
        ]
    }

    /// 12,000 people with skills, features, views, vouches and a match each, four hundred of those the company's.
    private func crowd(_ person: AccountID, _ company: AccountID) -> [SQL] {
        let moment: SQL = "\(Timestamp.start)::timestamptz + n * interval '1 s'"
        let user: SQL = "md5('user' || n)::uuid"
        let all: SQL = "FROM generate_series(1, 12000) AS n"
        return [
            """
            INSERT INTO profiles
                (user_id, user_type, display_name, skills, skill_forms, version, created_at, updated_at)
            SELECT \(fragment: user), 'freelancer', 'Somebody', ARRAY['skill' || n % 100], ARRAY['skill' || n % 100], 1,
                   \(fragment: moment), \(fragment: moment) \(fragment: all)
            """,
            """
            INSERT INTO profile_skills (skill, created_at, user_id)
            SELECT 'skill' || n % 100, \(fragment: moment), \(fragment: user) \(fragment: all)
            """,
            """
            INSERT INTO profile_places (place, created_at, user_id)
            SELECT place, \(fragment: moment), \(fragment: user)
              FROM generate_series(1, 12000) AS n, unnest(ARRAY['place' || n / 120, 'everywhere']) AS place
            """,
            "INSERT INTO talent_features (user_id) SELECT \(fragment: user) \(fragment: all)",
            """
            INSERT INTO vouches (vouched_id, voucher_id, created_at)
            SELECT \(fragment: user), md5('user' || n + 1)::uuid, \(fragment: moment) \(fragment: all)
            """,
            """
            INSERT INTO profile_views (profile_id, viewer_id, day)
            SELECT CASE n % 30 WHEN 0 THEN \(person) ELSE \(fragment: user) END, md5('viewer' || n)::uuid,
                   \(Timestamp.start)::date - n % 10 \(fragment: all)
            """,
            """
            INSERT INTO match_gigs (gig_id, owner_id, sequence, is_open, offer)
            SELECT gen_random_uuid(), \(fragment: user), 1, true, '{}' \(fragment: all)
            """,
            // Before what is known, so that the index in memory does not read it.
            """
            INSERT INTO match_features (user_id, side, features, position)
            SELECT \(fragment: user), 'freelancer', '{}', -n \(fragment: all)
            """,
            """
            INSERT INTO matches
                (id, user_id, other_id, status, score, technical, cultural, experience, skills, version, created_at,
                 updated_at, expires_at)
            SELECT gen_random_uuid(), CASE n % 30 WHEN 0 THEN \(company) ELSE md5('other' || n)::uuid END,
                   \(fragment: user), CASE n % 30 WHEN 0 THEN 'expired' ELSE 'pending' END, 50, 50, 50, 50, '{}', 1,
                   \(fragment: moment), \(fragment: moment), \(fragment: moment) + interval '30 days' \(fragment: all)
            """,
            """
            INSERT INTO match_pages (id, user_id, match_ids, made_at)
            SELECT gen_random_uuid(), \(fragment: user), '{}', \(fragment: moment) \(fragment: all)
            """,
        ]
    }
}
