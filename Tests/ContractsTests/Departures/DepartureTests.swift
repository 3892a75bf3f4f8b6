import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import ContractsService

/// The promise under test: nobody leaves with money or a dispute open, whoever is how fast; and what was open
/// without money ends for the other side.
@Suite struct DepartureTests {
    /// - Parameter isDone: What comes of it besides the deals' end.
    private func leave(
        _ account: AccountID, in deals: Deals, until isDone: () -> Bool = { true }
    ) async throws {
        try await deals.tell(.accountDeleted, ["user_id": .string("\(account)")])
        try await deals.runScheduled("the deals end") {
            try await deals.context.departures.open(of: account, in: deals.context.database).isEmpty
                && isDone()
        }
    }

    /// Whether something moves that needs both parties.
    private func canMove(_ negotiation: NegotiationID, in deals: Deals) async throws -> Bool {
        do {
            _ = try await deals.negotiations.propose(
                Terms(hoursPerWeek: 12), in: negotiation, by: deals.client, expecting: deals.anyVersion)
            return true
        } catch ContractsError.partyIsLeaving {
            return false
        }
    }

    /// Whether a dispute over a contract is refused, since its worker is leaving.
    private func isRefused(_ contract: Contract, in deals: Deals) async throws -> Bool {
        do {
            _ = try await deals.disputes.open(.sample(contract, by: .client), by: deals.client)
            return false
        } catch ContractsError.partyIsLeaving {
            return true
        }
    }

    // MARK: What stands in the way

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
            // Nobody was kept out by asking.
            _ = try await deals.disputes.respond(
                to: dispute.id, with: [.commit], by: deals.worker, expecting: deals.anyVersion)
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
            let free = try await deals.approved(Terms(rateCents: 0, hoursPerWeek: 10))
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
            await #expect(throws: ContractsError.partyIsLeaving) { _ = try await deals.negotiated() }
            await #expect(throws: ContractsError.partyIsLeaving) {
                _ = try await deals.negotiations.agree(
                    to: nil, in: negotiation, by: deals.client, expecting: deals.anyVersion)
            }
            await #expect(throws: ContractsError.partyIsLeaving) {
                _ = try await deals.contracts.approve(agreed, by: deals.client, expecting: deals.anyVersion)
            }
            await #expect(throws: ContractsError.partyIsLeaving) {
                _ = try await deals.milestones.fund(
                    approved.milestones[0].id, of: approved.id, by: deals.client)
            }
            await #expect(throws: ContractsError.partyIsLeaving) {
                _ = try await deals.revisions.revise(
                    approved.id, notes: "no", by: deals.client, expecting: deals.anyVersion)
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

    /// Whichever is first decides, and the other sees it.
    @Test(arguments: 0..<6)
    func `a departure and a dispute at the same time do not miss each other`(round: Int) async throws {
        try await Deals.with { (deals) async throws in
            let contract = try await deals.approved(Terms(rateCents: 0, hoursPerWeek: 10))
            let milestone = contract.milestones[0].id
            _ = try await deals.milestones.fund(milestone, of: contract.id, by: deals.client)
            let kept = await attempts(2) { index -> Bool in
                guard index == 0 else { return try await isRefused(contract, in: deals) }
                return try await deals.departures.depart(deals.worker).isEmpty
            }
            #expect(kept.failures.isEmpty)
            // Both, or neither: kept out and refused, or blocked and opened.
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
            deals.clock.advance(by: FundingNews.recheckAfter)
            try await deals.runScheduled("the contract is active") {
                try await deals.contracts.get(contract.id, by: deals.client).status == .active
            }
        }
    }

    // MARK: Once it is gone

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
                let (view, _) = try await deals.negotiations.view(id, for: deals.client, withAudit: true)
                #expect(view.state == .expired && view.nextActions.isEmpty)
                #expect(view.audit?.last?.to == .expired && view.audit?.last?.actorUserID == nil)
            }
            for id in [agreed.id, approved.id] {
                let contract = try await deals.contracts.get(id, by: deals.client)
                #expect(contract.status == .cancelled)
                #expect(contract.nextActions(at: deals.clock.now).isEmpty)
            }
            let open = try await deals.context.negotiations.openDeals(
                of: deals.client, in: deals.context.database)
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
                ReviewInput(rating: 5), of: contract.id, by: deals.client, expecting: deals.anyVersion)
        }
    }

    @Test func `nothing begins with who is gone, ever`() async throws {
        try await Deals.with { deals in
            let departure = DepartureID.make(at: .start)
            _ = try await deals.departures.depart(deals.worker, as: departure)
            for _ in 0..<2 { try await leave(deals.worker, in: deals) }
            deals.clock.advance(by: .days(400))
            await #expect(throws: ContractsError.partyIsLeaving) { _ = try await deals.negotiated() }
            try await deals.departures.stay(deals.worker, insteadOf: departure)
            await #expect(throws: ContractsError.partyIsLeaving) { _ = try await deals.negotiated() }
        }
    }

    @Test func `a payment that was begun is let go, and so is one that is held a moment later`() async throws
    {
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

    /// The reservation keeps this from happening; should it lapse under a slow deletion, nobody's money is
    /// kept.
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
                dispute.id, as: DecisionInput(.worker), by: .make(at: .start), expecting: deals.anyVersion)
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
                    contract.id, notes: "less", by: deals.client, expecting: deals.anyVersion)
            }
            try await deals.tell(.accountDeleted, ["user_id": .string("\(deals.worker)")])
            #expect(
                try await deals.departures.endDeals(of: deals.worker)
                    == .again(at: deals.clock.now + DepartureWorkflow.pause))
            let revised = try await deals.revisions.finish(contract.id, notes: "less", by: deals.client)
            #expect(revised.revisionNotes == "less" && deals.peers.current.escrows[milestone] == .unfunded)
            #expect(try await deals.departures.endDeals(of: deals.worker) == .done)
            let after = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(after.status == .cancelled && after.negotiationState == .expired)
        }
    }

    @Test func `how who is gone could be reached is forgotten, also where the deal is over`() async throws {
        try await Deals.with { deals in
            let contact = ContactShare(contactType: "Telegram", contactValue: "@ada")
            let contract = try await deals.completed()
            for id in [try await deals.negotiated().id, contract.negotiationID] {
                for account in [deals.client, deals.worker] {
                    _ = try await deals.negotiations.share(
                        contact, in: id, by: account, expecting: deals.anyVersion)
                }
            }
            try await leave(deals.worker, in: deals)
            for id in try await deals.context.negotiations.page(
                of: deals.client, in: nil, after: nil, limit: 10, from: deals.context.database
            ).map(\.id) {
                let (view, _) = try await deals.negotiations.view(id, for: deals.client, withAudit: false)
                #expect(view.contactExchange == ContactExchange(myShare: contact, otherPartyContact: nil))
            }
        }
    }

    /// As by a request that was let in before the account ended.
    @Test func `no contact is written once it was forgotten, also where the deal is over`() async throws {
        try await Deals.with { deals in
            let contact = ContactShare(contactType: "Telegram", contactValue: "@ada")
            let id = try await deals.completed().negotiationID
            try await leave(deals.worker, in: deals)
            await #expect(throws: ContractsError.partyIsLeaving) {
                _ = try await deals.negotiations.share(
                    contact, in: id, by: deals.worker, expecting: deals.anyVersion)
            }
            let (view, _) = try await deals.negotiations.view(id, for: deals.client, withAudit: false)
            #expect(view.contactExchange == ContactExchange(myShare: nil, otherPartyContact: nil))
        }
    }

    /// Else the end of a deal and a move of it would wait for each other.
    @Test func `a move that waits for its negotiation has not locked the contract yet`() async throws {
        try await Deals.with { (deals) async throws in
            let contract = try await deals.agreed()
            let approved = try await deals.context.database.transaction { tx in
                _ = try await deals.context.negotiations.lock(contract.negotiationID, in: tx)
                let approval = Task.detached {
                    try await deals.contracts.approve(
                        contract.id, by: deals.client, expecting: deals.anyVersion
                    ).contract
                }
                try await tx.waitUntilBlocking()
                try await tx.execute("SELECT FROM contracts WHERE id = \(contract.id) FOR UPDATE NOWAIT")
                return approval
            }
            #expect(try await approved.value.clientApprovedAt != nil)
        }
    }
}

extension DepartureWorkflow {
    /// As by a deletion that nobody calls off.
    fileprivate func depart(_ account: AccountID) async throws -> [DeletionBlocker] {
        try await depart(account, as: .make(at: .start))
    }
}
