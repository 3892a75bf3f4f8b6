import OutboundHTTP
import ServiceKit
import TestSupport
import Testing

@testable import ContractsService
@testable import SharedModels

/// The promise under test: a milestone that nobody has paid for blocks its contract only as long as its client wants it,
/// and no payment for it is left behind.
@Suite struct MilestoneWithdrawalTests {
    private static let docs = MilestoneInput(title: "Documentation", amountCents: 50_000)

    private func withdraw(
        _ id: MilestoneID, of contract: ContractID, by caller: AccountID? = nil, in deals: Deals
    ) async throws {
        try await deals.withdrawals.withdraw(id, of: contract, by: caller ?? deals.client, expecting: anyVersion)
    }

    @Test(arguments: [Int64(0), 50_000])
    func `an unfunded milestone leaves the contract, and both parties hear of it`(cents: Int64) async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            let extra = try await deals.add(MilestoneInput(title: "More", amountCents: cents), to: contract.id).1
            let updates = try await deals.count(.contractUpdated)
            try await withdraw(extra.id, of: contract.id, in: deals)
            let after = try await deals.contracts.get(contract.id, by: deals.worker)
            #expect(after.milestones == contract.milestones && after.status == .active)
            #expect(try await deals.count(.contractUpdated) == updates + 1)
            await #expect(throws: MilestoneError.notFound) { try await withdraw(extra.id, of: contract.id, in: deals) }
        }
    }

    @Test func `when all others are released, the contract is completed with it`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.delivered()
            let extra = try await deals.add(Self.docs, to: contract.id).1
            _ = try await deals.releases.release(contract.milestones[0].id, of: contract.id, by: deals.client)
            #expect(try await deals.contracts.get(contract.id, by: deals.client).status == .active)
            try await withdraw(extra.id, of: contract.id, in: deals)
            let after = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(after.status == .completed && after.milestones.count == 1)
            #expect(try await deals.negotiations.ended(among: [contract.negotiationID]) == [contract.negotiationID])
        }
    }

    @Test func `only the client withdraws, only what is unfunded, and never the last one`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            let first = contract.milestones[0].id
            let extra = try await deals.add(Self.docs, to: contract.id).1
            let before = try await deals.contracts.get(contract.id, by: deals.client)
            await #expect(throws: ActionError.notYours(.withdraw)) {
                try await withdraw(extra.id, of: contract.id, by: deals.worker, in: deals)
            }
            await #expect(throws: ContractError.notFound) {
                try await withdraw(extra.id, of: contract.id, by: .make(at: .start), in: deals)
            }
            await #expect(
                throws: ActionError.notNow(
                    .withdraw, state: "funded", allowed: ["release", "dispute", "withdraw", "end"])
            ) {
                try await withdraw(first, of: contract.id, in: deals)
            }
            await #expect(throws: Refusal.self) {
                try await deals.withdrawals.withdraw(
                    extra.id, of: contract.id, by: deals.client, expecting: onlyVersion(before.version + 1))
            }
            #expect(try await deals.contracts.get(contract.id, by: deals.client) == before)
            try await withdraw(extra.id, of: contract.id, in: deals)
            try await deals.lapse(first)
            await #expect(throws: MilestoneError.onlyOne(allowed: ["fund", "end"])) {
                try await withdraw(first, of: contract.id, in: deals)
            }
        }
    }

    @Test func `a milestone can be added again after fifty were there, wherever one was taken out`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            var last: Milestone?
            for number in 2...50 {
                let free = MilestoneInput(title: "More", amountCents: 0)
                let added = try await deals.add(free, to: contract.id).1
                if number == 10 { last = added }
            }
            try await withdraw(try #require(last).id, of: contract.id, in: deals)
            try await deals.add(Self.docs, to: contract.id)
            let after = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(after.milestones.count == 50 && after.milestones.last?.title == "Documentation")
        }
    }

    /// A contract whose first milestone is released, and whose second one its client has begun to pay for.
    private func paying(in deals: Deals) async throws -> (ContractID, MilestoneID) {
        let contract = try await deals.delivered()
        let extra = try await deals.add(Self.docs, to: contract.id).1
        _ = try await deals.releases.release(contract.milestones[0].id, of: contract.id, by: deals.client)
        _ = try await deals.milestones.fund(extra.id, of: contract.id, by: deals.client)
        return (contract.id, extra.id)
    }

    @Test func `a payment that was begun for it is cancelled first`() async throws {
        try await Deals.with { deals in
            let (contract, milestone) = try await paying(in: deals)
            #expect(deals.peers.current.escrows[milestone] == .authorizing)
            try await withdraw(milestone, of: contract, in: deals)
            #expect(deals.peers.current.escrows[milestone] == .unfunded)
            #expect(try await deals.contracts.get(contract, by: deals.client).status == .completed)
        }
    }

    @Test(arguments: [false, true])
    func `what payments cannot cancel at the moment is withdrawn later`(isLate: Bool) async throws {
        try await Deals.with { deals in
            let (contract, milestone) = try await paying(in: deals)
            deals.peers.change {
                if isLate { $0.lateFaults = [OutboundError.timedOut] } else { $0.faults = [OutboundError.timedOut] }
            }
            await #expect(throws: OutboundError.timedOut) { try await withdraw(milestone, of: contract, in: deals) }
            await #expect(throws: ActionError.moneyIsMoving(allowed: [])) {
                try await deals.milestones.fund(milestone, of: contract, by: deals.client)
            }
            deals.clock.advance(by: WithdrawalWorkflow.resumeAfter)
            try await deals.runScheduled("the milestone is withdrawn") {
                try await deals.contracts.get(contract, by: deals.client).status == .completed
            }
            #expect(deals.peers.current.escrows[milestone] == .unfunded)
        }
    }

    @Test func `when payments keeps the money, the milestone stays as it was`() async throws {
        try await Deals.with { deals in
            let (contract, milestone) = try await paying(in: deals)
            deals.peers.change { $0.escrows[milestone] = .released }
            await #expect(throws: PeerRefusal.self) { try await withdraw(milestone, of: contract, in: deals) }
            let after = try await deals.contracts.get(contract, by: deals.client)
            #expect(after.isStill && after.milestones.count == 2 && after.status == .active)
        }
    }

    @Test func `a payment that was confirmed meanwhile is let go`() async throws {
        try await Deals.with { deals in
            let (contract, milestone) = try await paying(in: deals)
            try await withdraw(milestone, of: contract, in: deals)
            // Another request had begun to pay before the withdrawal, and payments carries it out after it.
            try await deals.hold(milestone)
            try await deals.runScheduled("the hold is let go") { deals.peers.current.escrows[milestone] == .unfunded }
            try await deals.tell(.escrowLapsed, ["milestone_id": .string("\(milestone)")])
            #expect(try await deals.contracts.get(contract, by: deals.client).status == .completed)
        }
    }
}
