import OutboundHTTP
import ServiceKit
import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// The promise under test: events of other services take effect once, and no event holds up those behind it.
@Suite struct TalentEventTests {
    private let created = InternalEventName.accountCreated.rawValue

    private func whose(_ account: AccountID, gitHub: String? = nil) -> JSONValue {
        ["user_id": .string("\(account)"), "github_username": gitHub.map { .string($0) } ?? .null]
    }

    @Test func `a new account has a profile before anybody looks`() async throws {
        try await Talents.with { talents in
            for _ in 0..<2 {
                try await talents.tell(created, of: EventAggregate(talents.account.uuid), whose(talents.account))
            }
            #expect(talents.peers.current.factsAsked == [talents.account])
            #expect(try await talents.profileCount() == 1)
            #expect(try await talents.own().displayName == "Ada Lovelace")
        }
    }

    @Test func `an account that is gone already gets no profile, and does not hold up the rest`() async throws {
        try await Talents.with { talents in
            let gone = AccountID.make(at: .start)
            try await talents.tell(created, of: EventAggregate(gone.uuid), whose(gone))
            #expect(try await talents.profileCount() == 0)
            try await talents.tell(.completed, between: gone, and: talents.account)
            #expect(try await talents.score(of: talents.account) == 55)
            #expect(try await talents.profileCount() == 1)
        }
    }

    @Test func `while auth is out the news is not taken, and counts when it comes again`() async throws {
        try await Talents.with { talents in
            let id = EventID.make(at: .start)
            let other = talents.newAccount()
            talents.peers.change { $0.outage = OutboundError.timedOut }
            await #expect(throws: OutboundError.timedOut) {
                try await talents.tell(.completed, between: other, and: talents.account, id: id)
            }
            talents.peers.change { $0.outage = nil }
            try await talents.tell(.completed, between: other, and: talents.account, id: id)
            #expect(try await talents.score(of: talents.account) == 55)
        }
    }

    @Test(arguments: ContractStatus.allCases)
    func `the end of a contract moves both scores, and nobody else's`(status: ContractStatus) async throws {
        try await Talents.with { talents in
            let client = talents.newAccount()
            let other = talents.newAccount()
            for account in [client, other, talents.account] { _ = try await talents.own(account) }
            try await talents.tell(status, between: client, and: talents.account)
            let score = 50 + (GhostScore.points(for: status) ?? 0)
            #expect(try await talents.score(of: client) == score)
            #expect(try await talents.score(of: talents.account) == score)
            #expect(try await talents.score(of: other) == 50)
            #expect(try await talents.own().ghostScore == score)
            #expect(try await talents.published().ghostScore == score)
        }
    }

    @Test func `a new name at GitHub is shown; an older one, or the same one again, changes nothing`()
        async throws
    {
        try await Talents.with { talents in
            _ = try await talents.own()
            let told = InternalEventName.accountUpdated.rawValue
            let account = EventAggregate(talents.account.uuid)
            let names: [(String, Int64)] = [("ada-2", 2), ("ada-4", 4), ("ada-3", 3), ("ada-4", 4)]
            let facts = AccountFacts.sample(talents.account)
            for (name, version) in names {
                talents.peers.change {
                    $0.accounts[talents.account] = facts.changed(github: name, version: version)
                }
                try await talents.tell(
                    told, of: account, whose(talents.account, gitHub: name), sequence: version)
            }
            let shown = try await talents.published()
            #expect(shown.githubUsername == "ada-4")
            #expect(shown.githubProfileURL == "https://github.example/ada-4")
            #expect(try await talents.workflow.own(talents.caller(), at: talents.clock.now).profile.version == 3)
        }
    }

    @Test func `news of a name that is older than the account was met with is passed over`()
        async throws
    {
        try await Talents.with { talents in
            let id = AccountID.make(at: .start)
            let facts = AccountFacts(
                userID: id, userType: .freelancer, plan: .free, displayName: "Ada", email: nil,
                githubUsername: "ada-5", version: 5, createdAt: .start)
            _ = talents.newAccount(facts)
            _ = try await talents.published(id)
            let news: [(AccountID, Int64)] = [(id, 5), (id, 4), (.make(at: .start), 9)]
            talents.peers.change { $0.accounts[id] = facts.changed(github: "older", version: 4) }
            for (account, version) in news {
                try await talents.tell(
                    InternalEventName.accountUpdated.rawValue, of: EventAggregate(account.uuid),
                    whose(account, gitHub: "older"), sequence: version)
            }
            #expect(try await talents.published(id).githubUsername == "ada-5")
            #expect(try await talents.profileCount() == 1)
        }
    }

    @Test func `a lost dispute costs the loser, once and no further than nothing`() async throws {
        try await Talents.with { talents in
            let name = InternalEventName.disputeLost.rawValue
            let data: JSONValue = ["user_id": .string("\(talents.account)")]
            let id = try await talents.tell(name, data)
            try await talents.tell(name, data, id: id)
            #expect(try await talents.score(of: talents.account) == 35)
            for _ in 0..<3 { try await talents.tell(name, data) }
            #expect(try await talents.score(of: talents.account) == 0)
        }
    }

    @Test func `news that comes again counts once, also when it comes twice at the same time`() async throws {
        try await Talents.with { (talents) async throws in
            let client = talents.newAccount()
            let id = EventID.make(at: .start)
            let told = await attempts(6) {
                try await talents.tell(.completed, between: client, and: talents.account, id: id)
            }
            #expect(told.failures.isEmpty)
            #expect(try await talents.score(of: talents.account) == 55)
            #expect(try await talents.score(of: client) == 55)
        }
    }

    @Test func `contracts that end at the same time all count, on either side`() async throws {
        try await Talents.with { (talents) async throws in
            let other = talents.newAccount()
            let told = await attempts(8) { index in
                let pair = index.isMultiple(of: 2) ? (other, talents.account) : (talents.account, other)
                try await talents.tell(.completed, between: pair.0, and: pair.1)
            }
            #expect(told.failures.isEmpty)
            #expect(try await talents.score(of: talents.account) == 90)
            #expect(try await talents.score(of: other) == 90)
        }
    }

    @Test(arguments: [(ContractStatus.completed, 100), (.expired, 0)])
    func `a score stays within 0 and 100`(status: ContractStatus, end: Int) async throws {
        try await Talents.with { talents in
            let client = talents.newAccount()
            for _ in 0..<12 { try await talents.tell(status, between: client, and: talents.account) }
            #expect(try await talents.score(of: talents.account) == end)
        }
    }

    @Test func `a change of the profile does not undo the score, nor the score the change`() async throws {
        try await Talents.with { (talents) async throws in
            let client = talents.newAccount()
            let done = await attempts(10) { index in
                if index.isMultiple(of: 2) {
                    _ = try await talents.tell(.completed, between: client, and: talents.account)
                } else {
                    _ = try await talents.update(ProfileUpdate(bio: .set("\(index)")))
                }
            }
            #expect(done.failures.isEmpty)
            #expect(try await talents.score(of: talents.account) == 75)
            #expect(try await talents.own().bio != nil)
        }
    }

    @Test func `what has nothing to do with profiles is ignored`() async throws {
        try await Talents.with { talents in
            _ = try await talents.own()
            let account: JSONValue = .string("\(talents.account)")
            try await talents.tell(
                EventName.contractCreated.rawValue, ["status": "completed", "worker_user_id": account])
            try await talents.tell(EventName.contractUpdated.rawValue, ["worker_user_id": account])
            try await talents.tell(
                EventName.contractUpdated.rawValue, ["status": "unheard_of", "worker_user_id": account])
            try await talents.tell(EventName.contractUpdated.rawValue, ["status": "completed"])
            try await talents.tell("unheard.of", ["status": "completed", "worker_user_id": account])
            #expect(try await talents.score(of: talents.account) == 50)
        }
    }
}
