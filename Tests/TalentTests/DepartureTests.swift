import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// The promise under test: nobody finds anything of a deleted account, but its owner cannot lose the score by coming
/// back.
@Suite struct DepartureTests {
    private func delete(_ account: AccountID, in talents: Talents, as event: EventID = .make(at: .start))
        async throws
    {
        talents.peers.change { $0.accounts[account] = nil }
        try await talents.receiver.take(.told(.accountDeleted, of: account, id: event, at: talents.clock.now))
    }

    /// An account whose score has changed to 40.
    private func careless(_ talents: Talents, githubID: Int64? = nil, email: String? = nil) async throws
        -> AccountID
    {
        let account = talents.newAccount(.sample(githubID: githubID, email: email))
        let other = talents.newAccount()
        for _ in 0..<2 { try await talents.tell(.expired, between: other, and: account) }
        #expect(try await talents.score(of: account) == 40)
        return account
    }

    @Test func `a deleted account has no profile any more, alone or among others`() async throws {
        try await Talents.with { (talents) async throws in
            let gone = talents.newAccount()
            _ = try await talents.published(gone)
            try await delete(gone, in: talents)
            await #expect(throws: ProfileError.notFound(gone)) { try await talents.published(gone) }
            await #expect(throws: ProfileError.notFound(gone)) {
                try await talents.update(ProfileUpdate(bio: .set("still here")), by: talents.caller(gone))
            }
            await #expect(throws: ProfileError.notFound(gone)) { try await talents.upload(by: gone) }
            let found = try await talents.published([gone, talents.account])
            #expect(found.map(\.userID) == [talents.account])
        }
    }

    @Test func `nothing that says whose it was stays in the database or in storage`() async throws {
        try await Talents.with { (talents) async throws in
            let gone = talents.newAccount(
                .sample(name: "Grace Hopper", github: "grace", githubID: 5, email: "g@h.example"))
            try await talents.update(
                ProfileUpdate(
                    bio: .set("COBOL"), skills: .set(["cobol"]),
                    portfolioWebsiteURL: .set("https://g.example/")),
                by: talents.caller(gone))
            try await talents.upload(by: gone)
            try await RepositoryStore().save(
                CachedRepositories(repositories: [], fetchedAt: .start), of: "Grace", in: talents.database)
            try await delete(gone, in: talents)
            try await talents.scheduled {
                try await eventually("the resume is removed") { try await talents.fileStates().isEmpty }
            }
            #expect(talents.storage.held.isEmpty)
            let left: [String] = try await talents.database.all(
                """
                SELECT p::text AS line FROM profiles p UNION ALL SELECT t::text FROM tombstones t
                UNION ALL SELECT i::text FROM identities i UNION ALL SELECT g::text FROM github_repositories g
                """
            ) { try $0.decode("line") }
            for word in ["Grace", "grace", "COBOL", "cobol", "g.example", "g@h.example"] {
                #expect(left.allSatisfy { !$0.contains(word) }, "\(word)")
            }
        }
    }

    @Test func `who vouched and left is not shown, and nobody vouches for who left`() async throws {
        try await Talents.with { (talents) async throws in
            let (gone, stays) = (talents.newAccount(), talents.newAccount())
            for voucher in [gone, stays] {
                _ = try await talents.features.vouches.vouch(
                    for: talents.account, by: voucher, at: talents.clock.now)
            }
            try await delete(gone, in: talents)
            #expect(try await talents.published().vouchedBy.map(\.userID) == [stays])
            await #expect(throws: ProfileError.notFound(gone)) {
                try await talents.features.vouches.vouch(for: gone, by: stays, at: talents.clock.now)
            }
        }
    }

    @Test(arguments: [
        (Int64?.some(7), String?.some("a@x.example"), Int64?.some(7), String?.some("b@x.example")),
        (nil, "a@x.example", nil, "A@X.example"), (7, nil, 7, nil),
    ])
    func `who comes back by the same GitHub account or address has the score they left with`(
        githubID: Int64?, email: String?, nextGithubID: Int64?, nextEmail: String?
    ) async throws {
        try await Talents.with { (talents) async throws in
            let first = try await careless(talents, githubID: githubID, email: email)
            try await delete(first, in: talents)
            let second = talents.newAccount(.sample(githubID: nextGithubID, email: nextEmail))
            #expect(try await talents.published(second).ghostScore == 40)
            #expect(second != first)
        }
    }

    @Test(arguments: [false, true])
    func `who comes back by what was linked later has the score, even if it was taken away again`(
        isTakenAway: Bool
    ) async throws {
        try await Talents.with { (talents) async throws in
            let first = try await careless(talents, githubID: 7)
            func facts(_ id: AccountID, google: String?, verified: String?, _ version: Int64) -> AccountFacts {
                AccountFacts(
                    userID: id, userType: .freelancer, plan: .pro, displayName: "Ada Lovelace", email: nil,
                    verifiedEmail: verified, githubUsername: nil, googleSubject: google, version: version,
                    createdAt: .start)
            }
            for version in Int64(2)...(isTakenAway ? 3 : 2) {
                let google = version == 2 ? "g-1" : nil
                _ = talents.newAccount(facts(first, google: google, verified: "ada@example.org", version))
                try await talents.tell(
                    InternalEventName.accountUpdated.rawValue, of: EventAggregate(first.uuid),
                    ["user_id": .string("\(first)"), "github_username": nil], sequence: version)
            }
            try await delete(first, in: talents)
            let second = talents.newAccount(
                facts(.make(at: .start), google: "g-1", verified: nil, 1))
            #expect(try await talents.published(second).ghostScore == 40)
        }
    }

    /// The event takes its time; the person does not wait for it.
    @Test(arguments: [false, true])
    func `who is back before the news of their end has the score all the same`(atOnce: Bool) async throws {
        try await Talents.with { (talents) async throws in
            let first = try await careless(talents, githubID: 7)
            let end = EventID.make(at: .start + .seconds(1))
            talents.peers.change { $0.accounts[first] = nil }
            let back = AccountID.make(at: .start + .seconds(2))
            talents.peers.change { $0.accounts[back] = .sample(back, githubID: 7) }
            if atOnce {
                let both = await attempts(2) { index in
                    if index == 0 {
                        _ = try await talents.published(back)
                    } else {
                        try await delete(first, in: talents, as: end)
                    }
                }
                #expect(both.failures.isEmpty)
            } else {
                #expect(try await talents.published(back).ghostScore == 50)
                try await talents.tell(.completed, between: talents.newAccount(), and: back)
                try await delete(first, in: talents, as: end)
            }
            #expect(try await talents.published(back).ghostScore == (atOnce ? 40 : 45))
        }
    }

    @Test func `somebody else's account with the same address keeps its own score`() async throws {
        try await Talents.with { (talents) async throws in
            let other = AccountID.make(at: .start - .days(1))
            talents.peers.change { $0.accounts[other] = .sample(other, githubID: 8, email: "a@x.example") }
            _ = try await talents.published(other)
            let gone = try await careless(talents, githubID: 7, email: "a@x.example")
            try await delete(gone, in: talents, as: .make(at: .start + .seconds(1)))
            #expect(try await talents.published(other).ghostScore == 50)
        }
    }

    @Test func `a stranger begins in the middle, and so does a second account of who came back`() async throws {
        try await Talents.with { (talents) async throws in
            try await delete(try await careless(talents, githubID: 7, email: "a@x.example"), in: talents)
            let stranger = talents.newAccount(.sample(githubID: 8, email: "c@x.example"))
            #expect(try await talents.published(stranger).ghostScore == 50)
            let nameless = talents.newAccount(.sample(githubID: nil, email: nil))
            #expect(try await talents.published(nameless).ghostScore == 50)
            let back = talents.newAccount(.sample(githubID: 7, email: "d@x.example"))
            #expect(try await talents.published(back).ghostScore == 40)
            let again = talents.newAccount(.sample(githubID: 7, email: "e@x.example"))
            #expect(try await talents.published(again).ghostScore == 50)
        }
    }

    @Test func `a score follows through several lives`() async throws {
        try await Talents.with { (talents) async throws in
            var account = try await careless(talents, githubID: 7)
            for score in [45, 50, 55] {
                try await delete(account, in: talents)
                account = talents.newAccount(.sample(githubID: 7))
                let other = talents.newAccount()
                try await talents.tell(.completed, between: other, and: account)
                #expect(try await talents.score(of: account) == score)
            }
        }
    }

    @Test func `news of a deletion that comes again, or twice at once, changes nothing`() async throws {
        try await Talents.with { (talents) async throws in
            let gone = try await careless(talents, githubID: 7)
            let event = EventID.make(at: .start)
            let told = await attempts(4) { try await delete(gone, in: talents, as: event) }
            #expect(told.failures.isEmpty)
            let back = talents.newAccount(.sample(githubID: 7))
            #expect(try await talents.published(back).ghostScore == 40)
            try await delete(gone, in: talents, as: event)
            try await delete(gone, in: talents)
            #expect(try await talents.published(back).ghostScore == 40)
        }
    }

    @Test func `an account that is deleted before it was met is never met`() async throws {
        try await Talents.with { (talents) async throws in
            let gone = talents.newAccount()
            try await delete(gone, in: talents)
            // Auth may still answer for it for a moment.
            talents.peers.change { $0.accounts[gone] = .sample(gone) }
            await #expect(throws: ProfileError.notFound(gone)) { try await talents.published(gone) }
        }
    }

    @Test func `the score of who is gone moves nobody's, and holds up nothing`() async throws {
        try await Talents.with { (talents) async throws in
            let gone = try await careless(talents, githubID: 7)
            try await delete(gone, in: talents)
            try await talents.tell(.completed, between: gone, and: talents.account)
            #expect(try await talents.score(of: talents.account) == 55)
            let back = talents.newAccount(.sample(githubID: 7))
            #expect(try await talents.published(back).ghostScore == 40)
        }
    }

    @Test func `a contract that is told of again after its end counts once`() async throws {
        try await Talents.with { (talents) async throws in
            _ = try await talents.own()
            let contract = EventAggregate.make(at: .start)
            for status in ["active", "completed", "completed", "completed"] {
                try await talents.tell(
                    EventName.contractUpdated.rawValue, of: contract,
                    [
                        "negotiation_id": .string("\(NegotiationID.make(at: .start))"), "status": .string(status),
                        "client_user_id": .string("\(AccountID.make(at: .start))"),
                        "worker_user_id": .string("\(talents.account)"),
                    ])
            }
            #expect(try await talents.score(of: talents.account) == 55)
        }
    }

    @Test func `a lost dispute costs fifteen, once`() async throws {
        try await Talents.with { (talents) async throws in
            _ = try await talents.own()
            let event = EventID.make(at: .start)
            for _ in 0..<2 {
                try await talents.tell(
                    InternalEventName.disputeLost.rawValue, ["user_id": .string("\(talents.account)")],
                    id: event)
            }
            #expect(try await talents.score(of: talents.account) == 35)
        }
    }
}
