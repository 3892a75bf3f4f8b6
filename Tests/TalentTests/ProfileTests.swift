import ServiceKit
import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// The promise under test: a change affects only what it names, and nothing private is in the public profile.
@Suite struct ProfileTests {
    private let later = Timestamp.start + .seconds(1)

    private var profile: Profile {
        get throws {
            try Profile(.sample(), at: .start).applying(
                ProfileUpdate(
                    bio: .set("I count"), skills: .set(["swift", "sql"]),
                    portfolioWebsiteURL: .set("https://ada.example/"),
                    resumeURL: .set("https://ada.example/cv")),
                at: .start)
        }
    }

    @Test func `a new profile has what auth knows, and the middle of the ghost scores`() {
        let profile = Profile(.sample(), at: later)
        #expect(profile.displayName == "Ada Lovelace" && profile.githubUsername == "ada")
        #expect(profile.bio == nil && profile.skills == [] && profile.resumeURL == nil)
        #expect(profile.ghostScore == 50 && profile.version == 1 && profile.createdAt == later)
    }

    @Test(arguments: ["x", "👩‍👩‍👧‍👦", "e\u{301}"])
    func `a long name is cut to a hundred characters as PostgreSQL counts them`(character: String) {
        let profile = Profile(.sample(name: String(repeating: character, count: 150)), at: .start)
        #expect(profile.displayName.unicodeScalars.count == 100)
    }

    @Test func `what a change leaves out stays`() throws {
        let profile = try profile
        let kept = try profile.applying(ProfileUpdate(), at: later)
        #expect(
            kept.displayName == profile.displayName && kept.bio == profile.bio
                && kept.skills == profile.skills)
        #expect(
            kept.resumeURL == profile.resumeURL && kept.portfolioWebsiteURL == profile.portfolioWebsiteURL)
        #expect(kept.version == profile.version && kept.updatedAt == .start)
    }

    @Test func `a change has its own version and time, and what changes nothing has none`() throws {
        let profile = try profile
        let same = ProfileUpdate(
            displayName: .set("Ada Lovelace"), bio: .set("I count"), skills: .set(["swift", "sql"]),
            portfolioWebsiteURL: .set("https://ada.example/"), resumeURL: .set("https://ada.example/cv"))
        #expect(try profile.applying(same, at: later) == profile)
        let changes = [
            ProfileUpdate(bio: .set("I")), ProfileUpdate(skills: .set(["sql", "swift"])),
            ProfileUpdate(skills: .set(["swift"])), ProfileUpdate(portfolioWebsiteURL: .clear),
            ProfileUpdate(resumeURL: .clear), ProfileUpdate(displayName: .set("Ada")),
        ]
        for change in changes {
            let changed = try profile.applying(change, at: later)
            #expect(changed.version == profile.version + 1)
            #expect(changed.updatedAt == later && changed.createdAt == .start)
        }
        #expect(
            try profile.applying(same, switchingType: true, at: later).version == profile.version + 1)
    }

    @Test func `the same text in another spelling is another text`() throws {
        let composed = try profile.applying(ProfileUpdate(bio: .set("caf\u{e9}")), at: later)
        let decomposed = try composed.applying(ProfileUpdate(bio: .set("cafe\u{301}")), at: later)
        #expect(decomposed.bio.map { Array($0.utf8) } == Array("cafe\u{301}".utf8))
    }

    @Test func `null clears, and a value replaces`() throws {
        let cleared = try profile.applying(
            ProfileUpdate(bio: .clear, skills: .clear, portfolioWebsiteURL: .clear, resumeURL: .clear),
            at: later)
        #expect(cleared.bio == nil && cleared.skills == [])
        #expect(cleared.portfolioWebsiteURL == nil && cleared.resumeURL == nil)
        #expect(cleared.displayName == "Ada Lovelace")
        let set = try profile.applying(
            ProfileUpdate(displayName: .set("A."), bio: .set(""), skills: .set([])), at: later)
        #expect(set.displayName == "A." && set.bio == "" && set.skills == [])
        #expect(set.resumeURL == "https://ada.example/cv")
    }

    @Test func `a profile always has a name`() throws {
        let profile = try profile
        #expect(throws: ProfileError.nameRequired) {
            try profile.applying(ProfileUpdate(displayName: .clear, bio: .clear), at: later)
        }
        #expect(ProfileError.nameRequired.code == .validationFailed)
        #expect(ProfileError.nameRequired.issues.map(\.path) == ["display_name"])
    }

    @Test func `the public profile shows what the contract names, and nothing else`() throws {
        let voucher = Voucher(userID: .make(at: .start), displayName: "Grace Hopper")
        let published = try PublishedProfile(profile: profile, vouchers: [voucher]).view(.sample)
        let json = try JSONValue.parse(try JSONValue.encode(published))
        #expect(
            Set(json.object?.map(\.name) ?? []) == [
                "user_id", "display_name", "bio", "skills", "ghost_score", "resume_url",
                "portfolio_website_url",
                "vouched_by", "github_username", "github_profile_url",
            ])
        #expect(json["skills"] == ["swift", "sql"])
        #expect(json["github_profile_url"] == "https://github.example/ada")
        #expect(
            json["vouched_by"] == [["user_id": .string("\(voucher.userID)"), "display_name": "Grace Hopper"]])
    }

    @Test func `without GitHub there is no GitHub address`() {
        let profile = Profile(.sample(github: nil), at: .start)
        let published = PublishedProfile(profile: profile, vouchers: []).view(.sample)
        #expect(published.githubUsername == nil && published.githubProfileURL == nil)
    }

    @Test(arguments: ContractStatus.allCases)
    func `a contract counts for the ghost score when it is completed or has expired`(status: ContractStatus) {
        let points: [ContractStatus: Int] = [.completed: 5, .expired: -5]
        #expect(GhostScore.points(for: status) == points[status])
    }

    @Test func `refusals have the codes of the contract`() {
        #expect(ProfileError.notFound(.make(at: .start)).code == .notFound)
        #expect(ProfileError.openDeals(.client, count: 2).code == .conflict)
        #expect(ProfileError.openDeals(.client, count: 2).publicMessage.contains("2"))
    }
}
