import ServiceKit
import TestSupport
import Testing

@testable import ContractsService
@testable import SharedModels

/// The promise under test: only a decision moves the money of a disputed milestone.
@Suite struct DisputeHoldTests {
    @Test func `a disputed milestone is not released`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.delivered()
            _ = try await deals.disputed(contract, by: .worker)
            await #expect(throws: ActionError.disputed(allowed: ["respond", "recommend"])) {
                try await deals.releases.release(contract.milestones[0].id, of: contract.id, by: deals.client)
            }
            #expect(deals.peers.current.releases == 0)
            let after = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(after.milestones[0].moving == nil)
        }
    }

    @Test func `what is being released is not disputed`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            deals.peers.change { $0.faults = [PeerRefusal.sample(.badGateway)] }
            _ = try await deals.releases.release(
                contract.milestones[0].id, of: contract.id, by: deals.client)
            await #expect(throws: ActionError.moneyIsMoving(allowed: [])) {
                try await deals.disputed(contract)
            }
        }
    }

    /// Funded before the worker's onboarding: neither a revision nor the deadline takes the money back.
    @Test func `a disputed hold outlives revision and activation deadline`() async throws {
        try await Deals.with { deals in
            let approved = try await deals.approved()
            let milestone = approved.milestones[0].id
            _ = try await deals.milestones.fund(milestone, of: approved.id, by: deals.client)
            try await deals.hold(milestone)
            let dispute = try await deals.disputed(approved, by: .client)
            await #expect(throws: ActionError.disputed(allowed: ["recommend"])) {
                try await deals.revisions.revise(
                    approved.id, notes: "no", by: deals.client, expecting: anyVersion)
            }
            deals.clock.advance(by: Contract.activationLimit)
            try await deals.activation.expire(approved.id)
            #expect(deals.peers.current.escrows[milestone] == .held)
            let after = try await deals.contracts.get(approved.id, by: deals.client)
            #expect(after.status == .pendingFreelancerKYC)
            let (resolved, contract) = try await deals.resolutions.resolve(
                dispute.id, as: DecisionInput(outcome: .worker), by: .make(at: .start), expecting: anyVersion)
            #expect(resolved.status == .resolved)
            #expect(contract.status == .completed)
            #expect(contract.milestones[0].status == .released)
        }
    }

    @Test func `the work of a disputed milestone may still be handed in`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            _ = try await deals.disputed(contract)
            let delivered = try await deals.milestones.deliver(
                DeliveryInput(note: "late"), for: contract.milestones[0].id, of: contract.id,
                by: deals.worker,
                expecting: anyVersion)
            #expect(delivered.milestones[0].status == .delivered)
            #expect(delivered.milestones[0].dispute != nil)
        }
    }
}
