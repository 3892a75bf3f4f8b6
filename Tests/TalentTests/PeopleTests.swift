import OutboundHTTP
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// The promise under test: other services learn who people are from talent, as auth last said it.
@Suite struct PeopleTests {
    @Test func `people are met, and asked about once`() async throws {
        try await Talents.with { (talents) async throws in
            let client = talents.newAccount(
                .sample(name: "Grace Hopper", email: "grace@navy.example", type: .client))
            for _ in 0..<2 {
                let people = try await talents.people([client, talents.account, .make(at: .start)])
                #expect(people.count == 2)
                let known = try #require(people.first { $0.profile.userID == client })
                #expect(known.account == KnownAccount(userType: .client, email: "grace@navy.example"))
                #expect(known.profile.displayName == "Grace Hopper")
            }
            #expect(talents.peers.current.factsAsked.filter { $0 == client }.count == 1)
        }
    }

    @Test func `a client is told of as a company, a freelancer as none`() async throws {
        try await Talents.with { (talents) async throws in
            let client = talents.newAccount(.sample(name: "Initech", type: .client))
            let people = try await talents.people([client, talents.account]).map {
                $0.person(talents.features.links, at: talents.clock.now)
            }
            #expect(people.first { $0.userID == client }?.company == "Initech")
            #expect(people.contains { $0.userID == talents.account && $0.company == nil })
        }
    }

    @Test func `a change at auth is followed, and what came before it is not`() async throws {
        try await Talents.with { (talents) async throws in
            _ = try await talents.people([talents.account])
            let facts = AccountFacts.sample(talents.account)
            for (mail, version) in [("new@ada.example", Int64(3)), ("old@ada.example", 2)] {
                talents.peers.change {
                    $0.accounts[talents.account] = facts.changed(to: .client, email: mail, version: version)
                }
                try await talents.tell(
                    InternalEventName.accountUpdated.rawValue, of: EventAggregate(talents.account.uuid),
                    ["user_id": .string("\(talents.account)"), "github_username": "ada"], sequence: version)
            }
            let known = try #require(try await talents.people([talents.account]).first)
            #expect(known.account == KnownAccount(userType: .client, email: "new@ada.example"))
            #expect(known.profile.version == 1)
        }
    }

    @Test func `a switch of type through the profile is known at once`() async throws {
        try await Talents.with { (talents) async throws in
            try await talents.update(ProfileUpdate(userType: .client))
            #expect(try await talents.people([talents.account]).first?.account.userType == .client)
        }
    }

    @Test func `profiles from before the copies are completed, those of missing accounts left out`() async throws {
        try await Talents.with { (talents) async throws in
            let gone = talents.newAccount()
            let late = talents.newAccount(.sample(email: "late@example.com"))
            for account in [gone, late, talents.account] { _ = try await talents.own(account) }
            try await talents.database.execute("UPDATE profiles SET user_type = NULL, email = NULL")
            talents.peers.change { $0.accounts[gone] = nil }

            let people = try await talents.people([gone, late])
            #expect(people.map(\.profile.userID) == [late])
            #expect(people.first?.account.email == "late@example.com")

            try await talents.features.people.complete(at: talents.clock.now)
            let open = try await ProfileStore().findIncomplete(after: nil, limit: 10, in: talents.database)
            #expect(open == [gone])
        }
    }

    @Test func `while auth is out, those who are known are still told of`() async throws {
        try await Talents.with { (talents) async throws in
            _ = try await talents.people([talents.account])
            let stranger = talents.newAccount()
            talents.peers.change { $0.outage = OutboundError.timedOut }
            #expect(try await talents.people([talents.account]).count == 1)
            await #expect(throws: OutboundError.timedOut) { try await talents.people([stranger]) }
        }
    }

    @Test func `a deleted account is nobody, and its mail address is gone`() async throws {
        try await Talents.with { (talents) async throws in
            let account = talents.newAccount(.sample(email: "ada@example.com"))
            _ = try await talents.people([account])
            try await talents.tell(
                InternalEventName.accountDeleted.rawValue, of: EventAggregate(account.uuid),
                ["user_id": .string("\(account)")])
            #expect(try await talents.people([account]).isEmpty)
            let kept: Int64 = try await talents.database.one(
                "SELECT count(*) AS kept FROM profiles WHERE email IS NOT NULL"
            ) { try $0.decode("kept") }
            #expect(kept == 0)
        }
    }
}

extension Talents {
    func people(_ accounts: [AccountID]) async throws -> [KnownPerson] {
        try await features.people.people(accounts, at: clock.now)
    }
}
