import OutboundHTTP
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// The promise under test: everybody has one profile, which only they can change and everybody else can read.
@Suite struct ProfileWorkflowTests {
    @Test func `the first look makes the profile, later ones ask auth no more`() async throws {
        try await Talents.with { talents in
            talents.peers.change { $0.credits[talents.account] = 7 }
            let (view, version) = try await talents.workflow.own(
                talents.caller(as: .client), at: talents.clock.now
            ).shown
            #expect(view.userID == talents.account && view.displayName == "Ada Lovelace")
            #expect(view.userType == .client && view.subscriptionTier == .pro && view.creditsBalance == 7)
            #expect(view.ghostScore == 50 && view.githubProfileURL == "https://github.example/ada")
            #expect(version == 1)
            talents.clock.advance(by: .days(1))
            #expect(try await talents.own().updatedAt == .start)
            _ = try await talents.published()
            #expect(talents.peers.current.factsAsked == [talents.account])
        }
    }

    @Test func `first looks at the same time make one profile`() async throws {
        try await Talents.with { (talents) async throws in
            let looks = await attempts(10) { try await talents.own() }
            #expect(looks.failures.isEmpty)
            #expect(Set(looks.successes.map(\.displayName)) == ["Ada Lovelace"])
            #expect(try await talents.profileCount() == 1)
        }
    }

    @Test func `a change is kept and shown to all, and belongs to the caller alone`() async throws {
        try await Talents.with { talents in
            let other = talents.newAccount()
            let before = try await talents.published(other)
            talents.clock.advance(by: .seconds(5))
            let changed = try await talents.update(
                ProfileUpdate(
                    displayName: .set("A. L."), bio: .set("I count"), skills: .set(["swift", "swift", "ß"]),
                    portfolioWebsiteURL: .set("https://ada.example/"),
                    resumeURL: .set("https://ada.example/cv")))
            #expect(changed.version == 2 && changed.view.updatedAt == talents.clock.now)
            #expect(try await JSONValue.encode(talents.own()) == JSONValue.encode(changed.view))
            let published = try await talents.published()
            #expect(published.displayName == "A. L." && published.bio == "I count")
            #expect(published.skills == ["swift", "swift", "ß"])
            #expect(published.portfolioWebsiteURL == "https://ada.example/")
            #expect(published.resumeURL == "https://ada.example/cv")
            #expect(try await JSONValue.encode(talents.published(other)) == JSONValue.encode(before))
        }
    }

    @Test func `what null clears is gone from the database too`() async throws {
        try await Talents.with { talents in
            try await talents.update(
                ProfileUpdate(
                    bio: .set("I count"), skills: .set(["swift"]),
                    portfolioWebsiteURL: .set("https://a.example/"),
                    resumeURL: .set("https://a.example/cv")))
            try await talents.update(ProfileUpdate(bio: .clear, resumeURL: .clear))
            let half = try await talents.own()
            #expect(half.bio == nil && half.resumeURL == nil)
            #expect(half.skills == ["swift"] && half.portfolioWebsiteURL == "https://a.example/")
            try await talents.update(ProfileUpdate(skills: .clear, portfolioWebsiteURL: .clear))
            let bare = try await talents.own()
            #expect(
                bare.skills == [] && bare.portfolioWebsiteURL == nil && bare.displayName == "Ada Lovelace")
        }
    }

    @Test func `a change that takes the name changes nothing, not even the type`() async throws {
        try await Talents.with { talents in
            await #expect(throws: ProfileError.nameRequired) {
                try await talents.update(
                    ProfileUpdate(displayName: .clear, bio: .set("I count"), userType: .client))
            }
            let view = try await talents.own()
            #expect(view.displayName == "Ada Lovelace" && view.bio == nil)
            #expect(talents.peers.current.switched.isEmpty)
        }
    }

    @Test func `a change of a version that is not the present one changes nothing, not even the type`()
        async throws
    {
        try await Talents.with { talents in
            try await talents.update(ProfileUpdate(bio: .set("1")), expecting: onlyVersion(1))
            await #expect(throws: Refusal(.preconditionFailed, "2")) {
                try await talents.update(ProfileUpdate(bio: .set("2"), userType: .client), expecting: onlyVersion(1))
            }
            #expect(try await talents.own().bio == "1")
            #expect(talents.peers.current.switched.isEmpty)
            try await talents.update(ProfileUpdate(bio: .set("3")), expecting: onlyVersion(2))
        }
    }

    @Test func `of changes to one version at the same time one is made`() async throws {
        try await Talents.with { talents in
            _ = try await talents.own()
            let changes = await attempts(8) { index in
                try await talents.update(ProfileUpdate(bio: .set("\(index)")), expecting: onlyVersion(1)).view.bio
            }
            #expect(changes.successes.count == 1)
            #expect(changes.failures.allSatisfy { ($0 as? Refusal)?.code == .preconditionFailed })
            #expect(try await talents.own().bio == changes.successes.first)
        }
    }

    @Test func `of identical changes at the same time one is made, and the same again changes nothing`() async throws {
        try await Talents.with { talents in
            let changes = await attempts(4) {
                try await talents.update(ProfileUpdate(bio: .set("I count"))).version
            }
            #expect(changes.successes == [2, 2, 2, 2])
            let made = talents.clock.now
            talents.clock.advance(by: .seconds(1))
            for update in [ProfileUpdate(), ProfileUpdate(bio: .set("I count"), userType: .freelancer)] {
                let same = try await talents.update(update)
                #expect(same.version == 2 && same.view.updatedAt == made)
                await #expect(throws: Refusal(.preconditionFailed, "2")) {
                    try await talents.update(update, expecting: onlyVersion(1))
                }
            }
        }
    }

    @Test func `changes of different members at the same time are all kept`() async throws {
        try await Talents.with { talents in
            let updates = [
                ProfileUpdate(displayName: .set("A. L.")), ProfileUpdate(bio: .set("I count")),
                ProfileUpdate(skills: .set(["swift"])),
                ProfileUpdate(resumeURL: .set("https://a.example/cv")),
            ]
            let changes = await attempts(updates.count) { try await talents.update(updates[$0]).version }
            #expect(changes.successes.sorted() == [2, 3, 4, 5])
            let view = try await talents.own()
            #expect(view.displayName == "A. L." && view.bio == "I count")
            #expect(view.skills == ["swift"] && view.resumeURL == "https://a.example/cv")
        }
    }

    @Test func `who does not exist has no profile`() async throws {
        try await Talents.with { (talents) async throws in
            let nobody = AccountID.make(at: .start)
            let refusal = ProfileError.notFound(nobody)
            await #expect(throws: refusal) { try await talents.published(nobody) }
            await #expect(throws: refusal) { try await talents.own(nobody) }
            await #expect(throws: refusal) {
                try await talents.update(ProfileUpdate(bio: .set("x")), by: talents.caller(nobody))
            }
            #expect(try await talents.profileCount() == 0)
        }
    }

    @Test func `many profiles at once leave out who does not exist`() async throws {
        try await Talents.with { talents in
            let met = talents.newAccount(named: "Grace Hopper")
            _ = try await talents.published(met)
            let nobody = AccountID.make(at: .start)
            let found = try await talents.published([nobody, talents.account, met, met])
            #expect(Set(found.map(\.userID)) == [talents.account, met])
            #expect(found.count == 2)
            #expect(try await talents.published([]).isEmpty)
        }
    }

    @Test func `who vouches is shown oldest first, on the profile of the one vouched for`() async throws {
        try await Talents.with { talents in
            var vouchers: [AccountID] = []
            for name in ["Grace", "Edsger", "Barbara"] {
                let voucher = talents.newAccount(named: name)
                talents.clock.advance(by: .seconds(1))
                _ = try await talents.features.vouches.vouch(
                    for: talents.account, by: voucher, at: talents.clock.now)
                vouchers.append(voucher)
            }
            let published = try await talents.published()
            #expect(published.vouchedBy.map(\.displayName) == ["Grace", "Edsger", "Barbara"])
            #expect(published.vouchedBy.map(\.userID) == vouchers)
            let others = try await talents.published(vouchers)
            #expect(others.allSatisfy { $0.vouchedBy.isEmpty })
        }
    }

    @Test func `while auth is out, only who was met is found, and nobody is taken for missing`() async throws {
        try await Talents.with { talents in
            let met = talents.newAccount()
            _ = try await talents.published(met)
            talents.peers.change { $0.outage = OutboundError.timedOut }
            #expect(try await talents.published(met).userID == met)
            await #expect(throws: OutboundError.timedOut) { try await talents.published() }
            await #expect(throws: OutboundError.timedOut) {
                try await talents.published([met, talents.account])
            }
        }
    }
}
