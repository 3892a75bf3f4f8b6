import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import ContractsService
@testable import SharedModels

/// The promise under test: who asks what waits for them is told of every deal that does, and of no other, whatever its age;
/// and nobody is offered an approval that they have given.
@Suite struct WaitingTests {
    private static let both = Set(PartyRole.allCases)

    /// Compares what the lists say with the rules, and with what is expected.
    private func expect(
        _ expected: Set<PartyRole>, _ id: ContractID, _ what: Comment, in deals: Deals
    ) async throws {
        let contract = try await deals.contracts.get(id, by: deals.client)
        let now = deals.clock.now
        #expect(Set(PartyRole.allCases.filter { contract.waits(for: $0, at: now) }) == expected, what)
        let listed = try await PartyRole.allCases.async {
            try await deals.contracts.page(
                of: $0 == .client ? deals.client : deals.worker, in: nil, waitingForThem: true, after: nil, limit: 10
            ).items.contains { $0.id == id }
        }
        #expect(listed == expected, what)
        #expect(Set(contract.view(for: .client, at: now).waitsFor) == expected, what)
        // The party that a deal waits for can do something about it.
        for role in expected { #expect(!contract.nextActions(at: now).names(for: role).isEmpty, what) }
    }

    private func expectTalk(
        _ expected: Set<PartyRole>, _ id: NegotiationID, _ what: Comment, in deals: Deals
    ) async throws {
        let listed = try await PartyRole.allCases.async {
            try await deals.negotiations.page(
                of: $0 == .client ? deals.client : deals.worker, in: nil, waitingForThem: true, after: nil, limit: 10
            ).items.contains { $0.id == id }
        }
        #expect(listed == expected, what)
        let talk = try await deals.negotiations.get(id, by: deals.worker, withAudit: false).negotiation
        #expect(talk.view(for: .worker).waitsFor == PartyRole.allCases.filter(expected.contains), what)
    }

    @Test func `a negotiation waits for both before the first round, then for the side that has not proposed last`()
        async throws
    {
        try await Deals.with { deals in
            let id = try await deals.negotiations.open(
                .make(at: .start), with: deals.worker, terms: Terms(), by: deals.client
            ).id
            try await expectTalk(Self.both, id, "opened", in: deals)
            for (role, rate) in [(PartyRole.worker, Int64(6_000)), (.worker, 6_100), (.client, 6_200)] {
                _ = try await deals.negotiations.propose(
                    Terms(rate: .usd(cents: rate)), in: id, by: role == .client ? deals.client : deals.worker,
                    expecting: anyVersion)
                try await expectTalk([role.other], id, "round by the \(role)", in: deals)
            }
            _ = try await deals.negotiations.decline(id, reason: nil, by: deals.worker, expecting: anyVersion)
            try await expectTalk([], id, "declined", in: deals)
        }
    }

    @Test(arguments: PartyRole.allCases)
    func `who has approved is not asked again: it waits for the other side, under a new version`(first: PartyRole)
        async throws
    {
        try await Deals.with { deals in
            let contract = try await deals.agreed()
            let talk = contract.negotiationID
            try await expect(Self.both, contract.id, "agreed", in: deals)
            try await expectTalk(Self.both, talk, "agreed", in: deals)
            let before = try await deals.negotiations.get(talk, by: deals.client, withAudit: false).negotiation
            #expect(before.nextActions.map(\.action) == ["approve", "revise"])
            #expect(before.nextActions.first?.by == PartyRole.allCases)
            let account = first == .client ? deals.client : deals.worker
            _ = try await deals.contracts.approve(contract.id, by: account, expecting: anyVersion)
            let after = try await deals.negotiations.get(talk, by: deals.client, withAudit: false).negotiation
            #expect(after.nextActions.first { $0.action == "approve" }?.by == [first.other])
            #expect(after.nextActions.names(for: first) == ["revise"] && after.version == before.version + 1)
            try await expect([first.other], contract.id, "approved by one", in: deals)
            try await expectTalk([first.other], talk, "approved by one", in: deals)
            // Once is enough, and a repeat changes nothing.
            _ = try await deals.contracts.approve(contract.id, by: account, expecting: anyVersion)
            #expect(try await deals.negotiations.get(talk, by: account, withAudit: false).negotiation == after)
            // A revision asks both again.
            _ = try await deals.revisions.revise(contract.id, notes: "again", by: account, expecting: anyVersion)
            try await expect(Self.both, contract.id, "revised", in: deals)
            try await expectTalk(Self.both, talk, "revised", in: deals)
            _ = try await deals.negotiations.propose(
                Terms(hoursPerWeek: 12), in: talk, by: account, expecting: anyVersion)
            try await expect([first.other], contract.id, "a round after the revision", in: deals)
            _ = try await deals.negotiations.agree(to: nil, in: talk, by: account, expecting: anyVersion)
            try await expect(Self.both, contract.id, "agreed again", in: deals)
        }
    }

    @Test func `a contract waits for who sets up, pays, works, releases and reviews, one after the other`() async throws
    {
        try await Deals.with { deals in
            let contract = try await deals.approved()
            try await expectTalk([], contract.negotiationID, "approved by both", in: deals)
            let (id, first) = (contract.id, contract.milestones[0].id)
            try await expect(Self.both, id, "payouts and money are to be set up", in: deals)
            _ = try await deals.milestones.fund(first, of: id, by: deals.client)
            try await deals.hold(first)
            try await expect([.worker], id, "funded before the onboarding", in: deals)
            try await deals.tell(.payeeOnboarded, ["user_id": .string("\(deals.worker)")])
            try await expect([.worker], id, "to be delivered", in: deals)
            let second = try await deals.add(MilestoneInput(title: "More", amountCents: 50_000), to: id).1.id
            try await expect([.worker], id, "a second milestone has to wait", in: deals)
            _ = try await deals.milestones.deliver(
                DeliveryInput(note: "done"), for: first, of: id, by: deals.worker, expecting: anyVersion)
            try await expect([.client], id, "to be released", in: deals)
            _ = try await deals.releases.release(first, of: id, by: deals.client)
            try await expect([.client], id, "the second milestone is to be funded", in: deals)
            try await deals.database.transaction { try await PayeeStore().notePaused(deals.worker, in: $0) }
            try await expect(Self.both, id, "the worker has to onboard again", in: deals)
            _ = try await deals.withdrawals.withdraw(second, of: id, by: deals.client, expecting: anyVersion)
            try await expect(Self.both, id, "completed, before the reviews", in: deals)
            try await deals.tell(.payeeOnboarded, ["user_id": .string("\(deals.worker)")])
            for role in PartyRole.allCases {
                _ = try await deals.reviews.write(
                    ReviewInput(rating: 5), of: id, by: role == .client ? deals.client : deals.worker,
                    expecting: anyVersion)
                try await expect(role == .client ? [.worker] : [], id, "reviewed by the \(role)", in: deals)
            }
        }
    }

    @Test(arguments: PartyRole.allCases)
    func `a dispute waits for the answer of the side that did not open it, and no longer when time is up`(
        opener: PartyRole
    ) async throws {
        try await Deals.with { deals in
            let contract = try await deals.delivered()
            _ = try await deals.disputed(contract, by: opener)
            try await expect([opener.other], contract.id, "to be answered", in: deals)
            deals.clock.advance(by: .hours(24))
            try await expect([], contract.id, "too late: an admin decides", in: deals)
        }
    }

    @Test func `what waits is found page by page, behind newer deals that do not wait`() async throws {
        try await Deals.with { deals in
            let waiting = try await deals.agreed()
            var newer: [ContractID] = []
            for _ in 0..<3 {
                deals.clock.advance(by: .seconds(1))
                let other = try await deals.agreed()
                _ = try await deals.contracts.approve(other.id, by: deals.client, expecting: anyVersion)
                newer.append(other.id)
            }
            let own = try await deals.contracts.page(
                of: deals.client, in: nil, waitingForThem: true, after: nil, limit: 1)
            #expect(own.items.map(\.id) == [waiting.id] && own.nextCursor == nil)
            var (found, cursor) = ([ContractID](), PageCursor?.none)
            repeat {
                let page = try await deals.contracts.page(
                    of: deals.worker, in: .pendingOwnerApproval, waitingForThem: true, after: cursor, limit: 3)
                found += page.items.map(\.id)
                cursor = page.nextCursor.flatMap { PageCursor($0) }
            } while cursor != nil
            #expect(found == newer.reversed() + [waiting.id])
        }
    }
}

extension [PartyRole] {
    /// The sides for which `condition` holds.
    fileprivate func async(_ condition: (PartyRole) async throws -> Bool) async throws -> Set<PartyRole> {
        var found: Set<PartyRole> = []
        for role in self where try await condition(role) { found.insert(role) }
        return found
    }
}
