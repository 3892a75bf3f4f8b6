import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import ContractsService

/// The promise under test: nobody leaves with money or a dispute open, in any order of simultaneous requests.
@Suite struct DepartureTests {
    @Test func `held money, and then the dispute over it, stand in the way of both`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            let milestone = contract.milestones[0].id
            for account in [deals.client, deals.worker] {
                #expect(
                    try await deals.departures.depart(account) == [
                        DeletionBlocker(.money, of: milestone, in: contract.id)
                    ])
            }
            let dispute = try await deals.disputed(contract)
            for account in [deals.client, deals.worker] {
                #expect(
                    try await deals.departures.depart(account) == [
                        DeletionBlocker(.dispute, of: milestone, in: contract.id, disputeID: dispute.id)
                    ])
            }
            #expect(try await deals.departures.depart(.make(at: .start)).isEmpty)
            // The question alone blocked nobody.
            _ = try await deals.disputes.respond(
                to: dispute.id, with: [.commit], by: deals.worker, expecting: anyVersion)
        }
    }

    @Test func `money that is being moved stands in the way until it has moved`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.delivered()
            let milestone = contract.milestones[0].id
            deals.peers.change { $0.faults = [OutboundError.timedOut] }
            let view = try await deals.releases.release(milestone, of: contract.id, by: deals.client)
            #expect(view.status == .releasing)
            #expect(try await deals.departures.depart(deals.worker).map(\.kind) == [.money])
            _ = try await deals.releases.release(milestone, of: contract.id, by: deals.client)
            _ = try await deals.releases.finish(milestone, of: contract.id)
            #expect(try await deals.departures.depart(deals.worker).isEmpty)
        }
    }

    @Test func `a negotiation, an agreement, an approval and free work do not`() async throws {
        try await Deals.with { deals in
            _ = try await deals.approved()
            _ = try await deals.negotiated()
            _ = try await deals.agreed()
            let free = try await deals.approved(Terms(rate: .usd(cents: 0), hoursPerWeek: 10))
            _ = try await deals.milestones.fund(free.milestones[0].id, of: free.id, by: deals.client)
            #expect(try await deals.departures.depart(deals.client).isEmpty)
        }
    }

    // MARK: While auth deletes the account

    @Test func `an account that is being deleted is kept out of every move, and so is who deals with it`()
        async throws
    {
        try await Deals.with { deals in
            let negotiation = try await deals.negotiated().id
            let agreed = try await deals.agreed().id
            let approved = try await deals.approved()
            _ = try await deals.departures.depart(deals.worker)
            #expect(try await !canMove(negotiation, in: deals))
            await #expect(throws: ActionError.partyIsLeaving) { _ = try await deals.negotiated() }
            await #expect(throws: ActionError.partyIsLeaving) {
                _ = try await deals.negotiations.agree(
                    to: nil, in: negotiation, by: deals.client, expecting: anyVersion)
            }
            await #expect(throws: ActionError.partyIsLeaving) {
                _ = try await deals.contracts.approve(agreed, by: deals.client, expecting: anyVersion)
            }
            await #expect(throws: ActionError.partyIsLeaving) {
                _ = try await deals.milestones.fund(
                    approved.milestones[0].id, of: approved.id, by: deals.client)
            }
            await #expect(throws: ActionError.partyIsLeaving) {
                _ = try await deals.revisions.revise(
                    approved.id, notes: "no", by: deals.client, expecting: anyVersion)
            }
            #expect(try await deals.contracts.get(approved.id, by: deals.client).status == approved.status)
        }
    }

    @Test func `an account that stays moves again at once, and one whose deletion was lost a minute later`()
        async throws
    {
        try await Deals.with { deals in
            let negotiation = try await deals.negotiated().id
            let departure = DepartureID.make(at: .start)
            _ = try await deals.departures.depart(deals.client, as: departure)
            try await deals.departures.stay(deals.client, insteadOf: departure)
            #expect(try await canMove(negotiation, in: deals))
            _ = try await deals.departures.depart(deals.worker)
            #expect(try await !canMove(negotiation, in: deals))
            deals.clock.advance(by: ContractsInternal.reservation)
            #expect(try await canMove(negotiation, in: deals))
        }
    }

    @Test func `of two deletions at once each keeps the account out until it is called off or lapses`()
        async throws
    {
        try await Deals.with { deals in
            let negotiation = try await deals.negotiated().id
            let (first, second) = (DepartureID.make(at: .start), DepartureID.make(at: .start))
            for id in [first, second] { _ = try await deals.departures.depart(deals.client, as: id) }
            try await deals.departures.stay(deals.client, insteadOf: second)
            #expect(try await !canMove(negotiation, in: deals))
            try await deals.departures.stay(deals.client, insteadOf: first)
            #expect(try await canMove(negotiation, in: deals))
            _ = try await deals.departures.depart(deals.client, as: first)
            deals.clock.advance(by: ContractsInternal.reservation - .seconds(1))
            for _ in 0..<2 { _ = try await deals.departures.depart(deals.client, as: second) }
            deals.clock.advance(by: .seconds(1))
            try await deals.departures.stay(deals.client, insteadOf: first)
            #expect(try await !canMove(negotiation, in: deals))
            deals.clock.advance(by: ContractsInternal.reservation - .seconds(1))
            #expect(try await canMove(negotiation, in: deals))
        }
    }

    /// The first one decides, and the other sees it.
    @Test(arguments: 0..<6)
    func `a departure and a dispute at the same time do not miss each other`(round: Int) async throws {
        try await Deals.with { (deals) async throws in
            let contract = try await deals.approved(Terms(rate: .usd(cents: 0), hoursPerWeek: 10))
            let milestone = contract.milestones[0].id
            _ = try await deals.milestones.fund(milestone, of: contract.id, by: deals.client)
            let kept = await attempts(2) { index -> Bool in
                guard index == 0 else { return try await isRefused(contract, in: deals) }
                return try await deals.departures.depart(deals.worker).isEmpty
            }
            #expect(kept.failures.isEmpty)
            // Either blocked and refused, or not blocked and opened.
            #expect(Set(kept.successes).count == 1)
        }
    }

    @Test func `money that comes in meanwhile is looked at again, and counts when the account stays`()
        async throws
    {
        try await Deals.with { deals in
            let contract = try await deals.approved()
            let milestone = contract.milestones[0].id
            try await deals.tell(.payeeOnboarded, ["user_id": .string("\(deals.worker)")])
            _ = try await deals.milestones.fund(milestone, of: contract.id, by: deals.client)
            let departure = DepartureID.make(at: .start)
            #expect(try await deals.departures.depart(deals.worker, as: departure).isEmpty)
            try await deals.hold(milestone)
            #expect(
                try await deals.contracts.get(contract.id, by: deals.client).status == .pendingClientFunding)
            try await deals.departures.stay(deals.worker, insteadOf: departure)
            deals.clock.advance(by: FundingWorkflow.recheckAfter)
            try await deals.runScheduled("the contract is active") {
                try await deals.contracts.get(contract.id, by: deals.client).status == .active
            }
        }
    }

    // MARK: Once it is gone
}
