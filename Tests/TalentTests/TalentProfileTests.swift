import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// The promise under test: SkillSync shows and changes the one profile of an account, member by member.
@Suite struct TalentProfileTests {
    private static let whole = {
        var input = TalentProfileInput(name: "Ada Byron")
        input.title = .set("Engineer")
        input.bio = .set("I count.")
        input.location = .set("London, UK")
        input.remoteWork = true
        input.experienceYears = .set(12)
        input.skills = .set([
            TalentSkill(name: "Swift", level: .expert, years: 9),
            TalentSkill(name: "ReactJS", level: .beginner, years: 1),
        ])
        var wishes = TalentPreferencesInput()
        wishes.roleTypes = .set(["contract"])
        wishes.industries = .set(["healthcare"])
        wishes.salaryRange = .set(SalaryRange(min: 50_000, max: 90_000, currency: "EUR"))
        input.preferences = .set(wishes)
        input.socialLinks = .set(SocialLinks(github: "https://git.example/ada", portfolio: "https://ada.example"))
        return input
    }()

    @Test func `what is written is shown, here and on the other surfaces`() async throws {
        try await Talents.with { (talents) async throws in
            let saved = try await talents.change(Self.whole)
            #expect(saved.name == "Ada Byron" && saved.title == "Engineer" && saved.location == "London, UK")
            #expect(saved.remoteWork && saved.experienceYears == 12)
            #expect(saved.skills.map(\.level) == [.expert, .beginner] && saved.skills.map(\.years) == [9, 1])
            #expect(saved.preferences.roleTypes == ["contract"] && saved.preferences.companySizes.isEmpty)
            #expect(
                saved.socialLinks == SocialLinks(github: "https://git.example/ada", portfolio: "https://ada.example"))
            #expect(try await JSONValue.encode(talents.talent()) == JSONValue.encode(saved))
            let own = try await talents.own()
            #expect(own.displayName == "Ada Byron" && own.bio == "I count." && own.skills == ["Swift", "ReactJS"])
            #expect(own.portfolioWebsiteURL == "https://ada.example")
            let freelancer = try await talents.freelancer()
            #expect(freelancer.title == "Engineer" && freelancer.linkedAccounts.github == "https://git.example/ada")
        }
    }

    @Test
    func `a member that is there replaces the whole, one that is absent stays, and preferences go one level down`()
        async throws
    {
        try await Talents.with { (talents) async throws in
            try await talents.change(Self.whole)
            var input = TalentProfileInput()
            input.skills = .set([TalentSkill(name: "Swift", level: nil, years: nil)])
            var wishes = TalentPreferencesInput()
            wishes.roleTypes = .set(["full-time"])
            wishes.salaryRange = .clear
            input.preferences = .set(wishes)
            input.socialLinks = .set(SocialLinks(linkedin: "https://in.example/ada"))
            input.bio = .clear
            let saved = try await talents.change(input)
            #expect(saved.skills == [TalentSkill(name: "Swift", level: nil, years: nil)])
            #expect(saved.preferences.roleTypes == ["full-time"] && saved.preferences.industries == ["healthcare"])
            #expect(saved.preferences.salaryRange == nil && saved.bio == nil && saved.title == "Engineer")
            #expect(saved.socialLinks.portfolio == nil && saved.socialLinks.linkedin == "https://in.example/ada")
            #expect(saved.experienceYears == 12 && saved.remoteWork)
        }
    }

    @Test func `what is known of a skill survives a change of its owner's list of names`() async throws {
        try await Talents.with { (talents) async throws in
            try await talents.change(Self.whole)
            try await talents.update(ProfileUpdate(skills: .set(["Swift", "SQL"])))
            let skills = try await talents.talent().skills
            #expect(
                skills == [
                    TalentSkill(name: "Swift", level: .expert, years: 9),
                    TalentSkill(name: "SQL", level: nil, years: nil),
                ])
        }
    }

    @Test func `what does not fit together is refused by its member, and nothing is saved`() async throws {
        try await Talents.with { (talents) async throws in
            func input(_ range: SalaryRange) -> TalentProfileInput {
                var (input, wishes) = (TalentProfileInput(name: "Nobody"), TalentPreferencesInput())
                wishes.salaryRange = .set(range)
                input.preferences = .set(wishes)
                return input
            }
            await #expect(throws: TalentProfileError.salaryUpsideDown) {
                try await talents.change(input(SalaryRange(min: 2, max: 1, currency: "EUR")))
            }
            await #expect(throws: TalentProfileError.unknownCurrency) {
                try await talents.change(input(SalaryRange(min: 1, max: 2, currency: "eur")))
            }
            var twice = TalentProfileInput()
            twice.skills = .set(["React", "Go", "react.js"].map { TalentSkill(name: $0, level: nil, years: nil) })
            let refused = await #expect(throws: TalentProfileError.sameSkill(2, as: 0)) {
                try await talents.change(twice)
            }
            #expect(refused?.issues.map(\.path) == ["skills.2.name"])
            #expect(try await talents.own().displayName == "Ada Lovelace")
        }
    }

    @Test func `a profile is its owner's to change, in the version that was seen`() async throws {
        try await Talents.with { (talents) async throws in
            let other = talents.newAccount()
            let workflow = talents.features.talentProfiles
            await #expect(throws: TalentProfileError.notOwn) {
                try await workflow.update(
                    Self.whole, of: other, by: talents.caller(), at: talents.clock.now, expecting: anyVersion)
            }
            await #expect(throws: Refusal.self) {
                try await workflow.update(
                    Self.whole, of: talents.account, by: talents.caller(), at: talents.clock.now,
                    expecting: onlyVersion(7))
            }
            await #expect(throws: ProfileError.self) { try await talents.talent(.make(at: .start)) }
        }
    }

    @Test func `what is verified is what was seen, not what is said`() async throws {
        try await Talents.with { (talents) async throws in
            let plain = talents.newAccount(.sample(github: nil, email: nil))
            let known = talents.newAccount(.sample(github: "grace", email: "grace@navy.example"))
            #expect(
                try await talents.talent(plain).verification
                    == Verification(email: false, phone: false, github: false, linkedin: false))
            #expect(
                try await talents.talent(known).verification
                    == Verification(email: true, phone: false, github: true, linkedin: false))
            try await talents.change(Self.whole)
            #expect(try await !talents.talent().verification.linkedin)
        }
    }

    @Test func `a change is told once, with what changed, whichever surface it came from`() async throws {
        try await Talents.with { (talents) async throws in
            try await talents.change(Self.whole)
            try await talents.change(Self.whole)
            try await talents.update(ProfileUpdate(bio: .set("I still count.")))
            try await talents.change(FreelancerProfileInput(city: "London"))
            let told: [(String, [AccountID])] = try await talents.database.all(
                "SELECT data->>'updated_fields' AS fields, recipients FROM outbox WHERE name = 'profile.updated' ORDER BY position"
            ) { (try $0.decode("fields"), try $0.decode("recipients")) }
            #expect(told.map(\.1) == Array(repeating: [talents.account], count: 3))
            #expect(
                told.map(\.0) == [
                    #"["name","title","bio","skills","social_links","location","remote_work","experience_years","preferences"]"#,
                    #"["bio"]"#, #"["work_details"]"#,
                ])
        }
    }

    @Test func `a view counts once for each viewer and day, and one's own never`() async throws {
        try await Talents.with { (talents) async throws in
            let (one, other) = (talents.newAccount(), talents.newAccount())
            for viewer in [one, one, other, talents.account] { _ = try await talents.talent(for: viewer) }
            #expect(try await talents.views() == [2, 2, 0])
            talents.clock.advance(by: .days(1))
            _ = try await talents.talent(for: one)
            #expect(try await talents.views() == [3, 3, 0])
            talents.clock.advance(by: .days(6))
            #expect(try await talents.views() == [3, 1, 2])
            try await ProfileViewStore().prune(before: talents.clock.now.day, in: talents.database)
            #expect(try await talents.views() == [3, 0, 0])
        }
    }

    @Test func `advice follows from what is missing or weak in this profile`() async throws {
        try await Talents.with { (talents) async throws in
            let empty = try await talents.advice()
            #expect(Set(empty.map(\.field)).isSuperset(of: ["bio", "avatar", "title", "skills", "experience_years"]))
            var input = Self.whole
            input.skills = .set([TalentSkill(name: "Swift", level: nil, years: nil)])
            try await talents.change(input)
            let advice = try await talents.advice()
            #expect(
                !advice.contains { $0.field == "title" || $0.field == "location" || $0.field == "experience_years" })
            #expect(advice.contains { $0.field == "bio" && $0.suggestion.contains("8 characters") })
            #expect(advice.contains { $0.field == "skills" && $0.suggestion.contains("how well you know Swift") })
            let client = talents.newAccount(.sample(name: "Grace Hopper", type: .client))
            let fields = try await talents.advice(of: client).map(\.field)
            #expect(fields.contains("company.industry") && !fields.contains("title"))
        }
    }

    @Test func `profiles are found by any spelling of a skill, and by place`() async throws {
        try await Talents.with { (talents) async throws in
            try await talents.change(Self.whole)
            let grace = talents.newAccount()
            try await talents.update(ProfileUpdate(skills: .set(["COBOL"])), by: talents.caller(grace))
            func found(_ skills: [String] = [], _ location: String? = nil) async throws -> [AccountID] {
                let filter = ProfileFilter(skills: skills.map { SkillName($0) }, location: location)
                let (page, total) = try await talents.features.talentProfiles.page(filter, 1, of: 10)
                #expect(page.count == total)
                return page.map(\.profile.userID)
            }
            #expect(try await Set(found()) == [talents.account, grace])
            #expect(try await found(["react.js"]) == [talents.account])
            #expect(try await Set(found(["react", "cobol"])) == [talents.account, grace])
            #expect(try await found(["Rust"]).isEmpty)
            #expect(try await found([], "london") == [talents.account])
            #expect(try await found([], "Remote") == [talents.account])
            #expect(try await found([], "%").isEmpty)
            #expect(try await found([], "Londo").isEmpty)
            #expect(try await found(["react"], "LONDON") == [talents.account])
            #expect(try await found(["COBOL"], "london").isEmpty)
            let (second, total) = try await talents.features.talentProfiles.page(ProfileFilter(), 2, of: 1)
            #expect(second.count == 1 && total == 2)

            try await talents.database.execute("UPDATE profiles SET skill_forms = '{}'")
            #expect(try await found(["cobol"]).isEmpty)
            try await talents.features.people.findForms()
            #expect(try await found(["cobol"]) == [grace])
        }
    }

    @Test func `profiles are found by the beginnings of a name's words, among freelancers or among clients`()
        async throws
    {
        try await Talents.with { (talents) async throws in
            let mary = talents.newAccount(.sample(name: "Mary Somerville"))
            try await talents.change(Self.whole)
            let grace = talents.newAccount(.sample(name: "Zoë Grace-Hopper", type: .client))
            for id in [mary, grace] { _ = try await talents.own(id) }
            try await talents.update(ProfileUpdate(skills: .set(["COBOL"])), by: talents.caller(mary))
            func found(_ filter: ProfileFilter) async throws -> [AccountID] {
                let (page, total) = try await talents.features.talentProfiles.page(filter, 1, of: 10)
                #expect(page.count == total)
                return page.map(\.profile.userID)
            }
            for name in ["mary s", "SOME", "somerville, mary"] {
                #expect(try await found(ProfileFilter(name: name)) == [mary])
            }
            for name in ["zoe", "hopper", "Zoë"] { #expect(try await found(ProfileFilter(name: name)) == [grace]) }
            for name in ["ville", "%", "' | &", "-"] { #expect(try await found(ProfileFilter(name: name)).isEmpty) }
            #expect(try await found(ProfileFilter(name: "mary", userType: .client)).isEmpty)
            #expect(try await found(ProfileFilter(userType: .client)) == [grace])
            let cobol = SkillName("cobol")
            #expect(try await found(ProfileFilter(skills: [cobol], name: "mary", userType: .freelancer)) == [mary])
            #expect(try await found(ProfileFilter(skills: [cobol], userType: .client)).isEmpty)
            #expect(try await found(ProfileFilter(skills: [cobol], userType: .freelancer)) == [mary])
            #expect(try await found(ProfileFilter(location: "london", name: "mary")).isEmpty)
            #expect(try await found(ProfileFilter(location: "london", userType: .freelancer)) == [talents.account])
            #expect(try await talents.features.people.named("some", .freelancer) == [mary])
            #expect(try await talents.features.people.named("some", .client).isEmpty)
        }
    }

    @Test func `a place that Skillhouse knows is shown, until another is written here`() async throws {
        try await Talents.with { (talents) async throws in
            try await talents.change(FreelancerProfileInput(city: "Pune", country: "India"))
            #expect(try await talents.talent().location == "Pune, India")
            try await talents.change(Self.whole)
            #expect(try await talents.talent().location == "London, UK")
        }
    }

    @Test func `what SkillSync added goes with the account`() async throws {
        try await Talents.with { (talents) async throws in
            try await talents.change(Self.whole)
            _ = try await talents.talent(for: talents.newAccount())
            try await talents.tell(
                InternalEventName.accountDeleted.rawValue, of: EventAggregate(talents.account.uuid),
                ["user_id": .string("\(talents.account)")])
            let rows: Int64 = try await talents.database.one(
                """
                SELECT (SELECT count(*) FROM talent_features) + (SELECT count(*) FROM profile_views)
                     + (SELECT count(*) FROM profile_view_counts) AS rows
                """
            ) { try $0.decode("rows") }
            #expect(rows == 0)
            await #expect(throws: ProfileError.self) { try await talents.talent() }
        }
    }
}

extension Talents {
    /// How often the account of the world was looked at, in all, this week and the week before.
    fileprivate func views() async throws -> [Int64] {
        let figures = try await FigureStore().figures(of: account, on: clock.now.day, in: database)
        return [figures.views, figures.viewsThisWeek, figures.viewsLastWeek]
    }

    func talent(_ account: AccountID? = nil, for viewer: AccountID? = nil) async throws -> TalentProfile {
        let id = account ?? self.account
        return try await features.talentProfiles.profile(id, for: viewer ?? id, at: clock.now)
            .view(.sample, at: clock.now)
    }

    @discardableResult
    func change(_ input: TalentProfileInput) async throws -> TalentProfile {
        try await features.talentProfiles.update(
            input, of: account, by: caller(), at: clock.now, expecting: anyVersion
        ).view(.sample, at: clock.now)
    }

    fileprivate func advice(of account: AccountID? = nil) async throws -> [OptimizationSuggestion] {
        let id = account ?? self.account
        return OptimizationAdvice(
            shown: try await features.talentProfiles.profile(id, for: id, at: clock.now)
        ).suggestions
    }
}
