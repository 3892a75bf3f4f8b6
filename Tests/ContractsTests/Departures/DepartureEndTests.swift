import OutboundHTTP
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import ContractsService
@testable import SharedModels

/// The promise under test: the open deals of a deleted account end for the other side, and money goes back.
@Suite struct DepartureEndTests {
    @Test func `negotiations expire and contracts are cancelled, and the other party is told of each once`()
        async throws
    {
        try await Deals.with { deals in
            let negotiation = try await deals.negotiated().id
            let agreed = try await deals.agreed()
            let approved = try await deals.approved()
            let before = (
                try await deals.count(.negotiationUpdated), try await deals.count(.contractUpdated)
            )
            try await leave(deals.worker, in: deals)
            try await leave(deals.worker, in: deals)
            #expect(try await deals.count(.negotiationUpdated) == before.0 + 2)
            #expect(try await deals.count(.contractUpdated) == before.1 + 2)
            for id in [negotiation, agreed.negotiationID] {
                let view = try await deals.shown(id, to: deals.client, withAudit: true)
                #expect(view.state == .expired && view.nextActions.isEmpty)
                #expect(view.audit?.last?.to == .expired && view.audit?.last?.actorUserID == nil)
            }
            for id in [agreed.id, approved.id] {
                let contract = try await deals.contracts.get(id, by: deals.client)
                #expect(contract.status == .cancelled)
                #expect(contract.nextActions(at: deals.clock.now).isEmpty)
            }
            let open = try await deals.negotiations.openDeals(of: deals.client)
            #expect(open.asClient == 0)
        }
    }

    @Test func `what was completed stays, and can still be reviewed`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.completed()
            #expect(try await deals.departures.depart(deals.worker).isEmpty)
            try await leave(deals.worker, in: deals)
            #expect(try await deals.contracts.get(contract.id, by: deals.client).status == .completed)
            _ = try await deals.reviews.write(
                ReviewInput(rating: 5), of: contract.id, by: deals.client, expecting: anyVersion)
        }
    }

    @Test func `nothing begins with who is gone, ever`() async throws {
        try await Deals.with { deals in
            let departure = DepartureID.make(at: .start)
            _ = try await deals.departures.depart(deals.worker, as: departure)
            for _ in 0..<2 { try await leave(deals.worker, in: deals) }
            deals.clock.advance(by: .days(400))
            await #expect(throws: ActionError.partyIsLeaving) { _ = try await deals.negotiated() }
            try await deals.departures.stay(deals.worker, insteadOf: departure)
            await #expect(throws: ActionError.partyIsLeaving) { _ = try await deals.negotiated() }
        }
    }

    @Test func `a payment that was begun is let go, and so is one that is held a moment later`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.approved()
            let milestone = contract.milestones[0].id
            try await deals.tell(.payeeOnboarded, ["user_id": .string("\(deals.worker)")])
            _ = try await deals.milestones.fund(milestone, of: contract.id, by: deals.client)
            try await leave(deals.worker, in: deals) { deals.peers.current.escrows[milestone] == .unfunded }
            try await deals.hold(milestone)
            try await deals.runScheduled("the hold is let go") {
                deals.peers.current.escrows[milestone] == .unfunded
            }
            let after = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(after.status == .cancelled && after.milestones[0].status == .pending)
        }
    }

    /// The reservation prevents this. If it lapses under a slow deletion, nobody's money is kept.
    @Test func `money that was funded after all goes back to the client`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            try await leave(deals.worker, in: deals) {
                deals.peers.current.escrows[contract.milestones[0].id] == .unfunded
            }
            #expect(try await deals.contracts.get(contract.id, by: deals.client).status == .cancelled)
        }
    }

    @Test func `a dispute that was opened after all is decided first, and the deal ends then`() async throws {
        try await Deals.with { deals in
            let dispute = try await deals.disputed()
            try await deals.tell(.accountDeleted, ["user_id": .string("\(deals.client)")])
            #expect(
                try await deals.departures.endDeals(of: deals.client)
                    == .again(at: deals.clock.now + DepartureWorkflow.pause))
            _ = try await deals.resolutions.resolve(
                dispute.id, as: DecisionInput(outcome: .worker), by: .make(at: .start), expecting: anyVersion)
            #expect(try await deals.departures.endDeals(of: deals.client) == .done)
            #expect(try await deals.contracts.get(dispute.contractID, by: deals.worker).status == .completed)
        }
    }

    /// Begun after the reservation had lapsed under a slow deletion.
    @Test func `a revision that was begun after all ends, and then the deal`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.approved()
            let milestone = contract.milestones[0].id
            _ = try await deals.milestones.fund(milestone, of: contract.id, by: deals.client)
            deals.peers.change { $0.faults = [OutboundError.timedOut] }
            await #expect(throws: OutboundError.self) {
                _ = try await deals.revisions.revise(
                    contract.id, notes: "less", by: deals.client, expecting: anyVersion)
            }
            try await deals.tell(.accountDeleted, ["user_id": .string("\(deals.worker)")])
            #expect(
                try await deals.departures.endDeals(of: deals.worker)
                    == .again(at: deals.clock.now + DepartureWorkflow.pause))
            let revised = try await deals.revisions.finish(contract.id, notes: "less", by: deals.client)
            #expect(revised.revisionNotes == "less" && deals.peers.current.escrows[milestone] == .unfunded)
            #expect(try await deals.departures.endDeals(of: deals.worker) == .done)
            let after = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(after.status == .cancelled && after.negotiation.state == .expired)
        }
    }

    @Test func `how who is gone could be reached is forgotten, also where the deal is over`() async throws {
        try await Deals.with { deals in
            let contact = ContactShare(contactType: "Telegram", contactValue: "@ada")
            let contract = try await deals.completed()
            for id in [try await deals.negotiated().id, contract.negotiationID] {
                for account in [deals.client, deals.worker] {
                    _ = try await deals.negotiations.share(
                        contact, in: id, by: account, expecting: anyVersion)
                }
            }
            try await leave(deals.worker, in: deals)
            for id in try await NegotiationStore().page(
                of: deals.client, in: nil, after: nil, limit: 10, in: deals.database
            ).items.map(\.id) {
                let view = try await deals.shown(id, to: deals.client, withAudit: false)
                #expect(view.contactExchange == ContactExchange(myShare: contact, otherPartyContact: nil))
            }
        }
    }

    /// Like a request that was let in before the account was deleted.
    @Test func `no contact is written once it was forgotten, also where the deal is over`() async throws {
        try await Deals.with { deals in
            let contact = ContactShare(contactType: "Telegram", contactValue: "@ada")
            let id = try await deals.completed().negotiationID
            try await leave(deals.worker, in: deals)
            await #expect(throws: ActionError.partyIsLeaving) {
                _ = try await deals.negotiations.share(
                    contact, in: id, by: deals.worker, expecting: anyVersion)
            }
            let view = try await deals.shown(id, to: deals.client, withAudit: false)
            #expect(view.contactExchange == ContactExchange(myShare: nil, otherPartyContact: nil))
        }
    }

    /// Otherwise the end of a deal and a move of it would wait for each other.
    @Test func `a move that waits for its negotiation has not locked the contract yet`() async throws {
        try await Deals.with { (deals) async throws in
            let contract = try await deals.agreed()
            let approved = try await deals.database.transaction { tx in
                _ = try await NegotiationStore().lock(contract.negotiationID, in: tx)
                let approval = try await tx.block {
                    try await deals.contracts.approve(
                        contract.id, by: deals.client, expecting: anyVersion
                    ).contract
                }
                try await tx.execute("SELECT FROM contracts WHERE id = \(contract.id) FOR UPDATE NOWAIT")
                return approval
            }
            #expect(try await approved.value.clientApprovedAt != nil)
        }
    }
}
