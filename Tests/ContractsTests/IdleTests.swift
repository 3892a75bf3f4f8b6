import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import ContractsService

/// The promise under test: an idle negotiation ends without anybody's help, and only an idle one.
@Suite struct IdleTests {
    private func state(of id: NegotiationID, in deals: Deals) async throws -> NegotiationState? {
        try await NegotiationStore().find(id, in: deals.database)?.state
    }

    @Test(arguments: [Terms(), Terms(hoursPerWeek: 10)])
    func `after 14 idle days a negotiation has expired, and both are told once`(terms: Terms) async throws {
        try await Deals.with { deals in
            let id = try await deals.negotiated(terms).id
            let before = try await deals.count(.negotiationUpdated)
            deals.clock.advance(by: IdleWorkflow.limit)
            let ended = await attempts(4) { try await deals.features.idling.expire(id) }
            #expect(ended.successes.allSatisfy { $0 == .done })
            #expect(try await state(of: id, in: deals) == .expired)
            #expect(try await deals.count(.negotiationUpdated) == before + 1)
            let view = try await deals.shown(id, to: deals.client, withAudit: true)
            #expect(view.audit?.last?.actorUserID == nil)
            #expect(view.audit?.last?.to == .expired)
            let open = try await deals.negotiations.openDeals(of: deals.client)
            #expect(open.asClient == 0)
        }
    }

    @Test func `the scheduler does it, and a round in between puts it off`() async throws {
        try await Deals.with { deals in
            let id = try await deals.negotiated().id
            deals.clock.advance(by: .days(10))
            _ = try await deals.negotiations.propose(
                Terms(hoursPerWeek: 20), in: id, by: deals.worker, expecting: anyVersion)
            deals.clock.advance(by: .days(4))
            #expect(
                try await deals.features.idling.expire(id) == .again(at: .start + .days(24)))
            #expect(try await state(of: id, in: deals) == .inProgress)
            deals.clock.advance(by: .days(10))
            try await deals.runScheduled("the negotiation expires") {
                try await state(of: id, in: deals) == .expired
            }
        }
    }

    @Test func `what was agreed on does not idle, and what was reopened does again`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.agreed()
            deals.clock.advance(by: .days(20))
            #expect(try await deals.features.idling.expire(contract.negotiationID) == .done)
            #expect(try await state(of: contract.negotiationID, in: deals) == .pendingOwnerApproval)
            _ = try await deals.revisions.revise(
                contract.id, notes: "again", by: deals.client, expecting: anyVersion)
            deals.clock.advance(by: IdleWorkflow.limit)
            try await deals.runScheduled("the negotiation expires") {
                try await state(of: contract.negotiationID, in: deals) == .expired
            }
            #expect(try await deals.contracts.get(contract.id, by: deals.client).status == .cancelled)
        }
    }
}
