import OutboundHTTP
import ServiceKit
import TestSupport
import Testing

@testable import ContractsService
@testable import SharedModels

/// The promise under test: both parties together can end an active contract at any time, and the money that nobody has
/// earned goes back to the client.
@Suite struct EndTests {
    private static let docs = MilestoneInput(title: "Documentation", amountCents: 50_000)

    @discardableResult
    private func end(
        _ id: ContractID, note: String? = nil, by role: PartyRole, in deals: Deals
    ) async throws -> Contract {
        try await deals.ends.end(
            id, note: note, by: role == .client ? deals.client : deals.worker, expecting: anyVersion)
    }

    @Test(arguments: PartyRole.allCases, [EscrowState.held, .escrowed])
    func `when both want it the money goes back, and a contract without anything released is cancelled`(
        first: PartyRole, escrow: EscrowState
    ) async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            let milestone = contract.milestones[0].id
            deals.peers.change { $0.escrows[milestone] = escrow }
            let updates = try await deals.count(.contractUpdated)
            let one = try await end(contract.id, note: "We were wrong.", by: first, in: deals)
            #expect(one.status == .active && one.endedAt(first) == deals.clock.now && one.endedAt(first.other) == nil)
            #expect(one.nextActions(at: deals.clock.now).last { $0.action == "end" }?.by == [first.other])
            #expect(try await end(contract.id, by: first, in: deals) == one, "once is enough")
            #expect(deals.peers.current.escrows[milestone] == escrow)
            let both = try await end(contract.id, by: first.other, in: deals)
            #expect(both.status == .cancelled && both.endNote == "We were wrong.")
            #expect(both.milestones.map(\.status) == [.pending] && both.isStill)
            #expect(deals.peers.current.escrows[milestone] == .unfunded)
            #expect(try await deals.count(.contractUpdated) == updates + 2)
            #expect(try await deals.negotiations.ended(among: [contract.negotiationID]) == [contract.negotiationID])
            #expect(try await end(contract.id, by: first, in: deals) == both)
        }
    }

    @Test func `when something was released the contract is completed, without what was not`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.delivered()
            let funded = try await deals.add(Self.docs, to: contract.id).1.id
            try await deals.add(Self.docs, to: contract.id)
            _ = try await deals.releases.release(contract.milestones[0].id, of: contract.id, by: deals.client)
            _ = try await deals.milestones.fund(funded, of: contract.id, by: deals.client)
            try await deals.hold(funded)
            try await end(contract.id, by: .worker, in: deals)
            let ended = try await end(contract.id, by: .client, in: deals)
            #expect(ended.status == .completed)
            #expect(ended.milestones.map(\.status) == [.released])
            #expect(deals.peers.current.escrows[funded] == .unfunded)
            #expect(ended.nextActions(at: deals.clock.now).map(\.action) == ["review"])
            #expect(try await deals.contracts.get(contract.id, by: deals.worker) == ended)
        }
    }

    @Test func `delivered work and open disputes are named, and end nothing`() async throws {
        try await Deals.with { deals in
            let delivered = try await deals.delivered()
            let error = await #expect(throws: EndError.self) { try await end(delivered.id, by: .client, in: deals) }
            #expect(error?.code == .conflict && error?.allowed == ["release", "dispute"])
            #expect(
                error?.issues == [InputIssue(path: "milestones.0", message: "“Compiler work” is delivered")])
            let dispute = try await deals.disputed(delivered)
            let disputed = await #expect(throws: EndError.self) { try await end(delivered.id, by: .worker, in: deals) }
            #expect(disputed?.issues.map(\.message) == ["“Compiler work” is disputed"])
            #expect(try await deals.contracts.get(delivered.id, by: deals.client).clientEndedAt == nil)
            #expect(try await deals.dispute(dispute.id).status == .open)
        }
    }

    @Test func `only an active contract is ended, only by its parties, and only as they saw it`() async throws {
        try await Deals.with { deals in
            let approved = try await deals.approved()
            await #expect(
                throws: ActionError.notNow(.end, state: "pending_freelancer_kyc", allowed: ["revise", "connect"])
            ) {
                try await end(approved.id, by: .worker, in: deals)
            }
            let contract = try await deals.active()
            await #expect(throws: ContractError.notFound) {
                try await deals.ends.end(contract.id, note: nil, by: .make(at: .start), expecting: anyVersion)
            }
            await #expect(throws: Refusal.self) {
                try await deals.ends.end(
                    contract.id, note: nil, by: deals.client, expecting: onlyVersion(contract.version + 1))
            }
            #expect(try await deals.contracts.get(contract.id, by: deals.client) == contract)
        }
    }

    @Test func `what changes a milestone takes the agreement back`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            func isAgreed() async throws -> Bool {
                let seen = try await deals.contracts.get(contract.id, by: deals.client)
                return seen.workerEndedAt != nil
            }
            try await end(contract.id, by: .worker, in: deals)
            let extra = try await deals.add(Self.docs, to: contract.id).1.id
            #expect(try await !isAgreed())
            try await end(contract.id, by: .worker, in: deals)
            try await deals.withdrawals.withdraw(extra, of: contract.id, by: deals.client, expecting: anyVersion)
            #expect(try await !isAgreed())
            try await end(contract.id, by: .worker, in: deals)
            _ = try await deals.milestones.deliver(
                DeliveryInput(), for: contract.milestones[0].id, of: contract.id, by: deals.worker,
                expecting: anyVersion)
            #expect(try await !isAgreed())
        }
    }

    @Test(arguments: [false, true])
    func `while payments is away the end is accepted, nothing else moves the money, and it is finished later`(
        isLate: Bool
    ) async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            let milestone = contract.milestones[0].id
            try await end(contract.id, by: .client, in: deals)
            deals.peers.change {
                if isLate { $0.lateFaults = [OutboundError.timedOut] } else { $0.faults = [OutboundError.timedOut] }
            }
            let begun = try await end(contract.id, by: .worker, in: deals)
            #expect(begun.status == .active && begun.isMoving(for: .end))
            await #expect(throws: ActionError.moneyIsMoving(allowed: [])) {
                try await deals.releases.release(milestone, of: contract.id, by: deals.client)
            }
            // Payments' own news of the hold that is gone.
            try await deals.tell(.escrowLapsed, ["milestone_id": .string("\(milestone)")])
            deals.clock.advance(by: EndWorkflow.resumeAfter)
            try await deals.runScheduled("the contract has ended") {
                try await deals.contracts.get(contract.id, by: deals.client).status == .cancelled
            }
            let ended = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(ended.clientEndedAt != nil && ended.workerEndedAt != nil)
            #expect(deals.peers.current.escrows[milestone] == .unfunded)
        }
    }

    @Test func `when payments keeps the money nobody has agreed, and both can try again`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            let milestone = contract.milestones[0].id
            try await end(contract.id, by: .client, in: deals)
            deals.peers.change { $0.escrows[milestone] = .released }
            await #expect(throws: PeerRefusal.self) { try await end(contract.id, by: .worker, in: deals) }
            let after = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(after.isStill && after.clientEndedAt == nil && after.workerEndedAt == nil)
            deals.peers.change { $0.escrows[milestone] = .held }
            try await end(contract.id, by: .worker, in: deals)
            #expect(try await end(contract.id, by: .client, in: deals).status == .cancelled)
        }
    }

    @Test func `a contract without money ends at once`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.approved(Terms(rate: .usd(cents: 0), hoursPerWeek: 10))
            _ = try await deals.milestones.fund(contract.milestones[0].id, of: contract.id, by: deals.client)
            try await end(contract.id, by: .client, in: deals)
            #expect(try await end(contract.id, by: .worker, in: deals).status == .cancelled)
        }
    }

    @Test func `many ends and a release at the same time: the money moves once`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            let milestone = contract.milestones[0].id
            try await end(contract.id, by: .client, in: deals)
            async let ends = attempts(4) { try await end(contract.id, by: .worker, in: deals) }
            async let releases = attempts(4) {
                try await deals.releases.release(milestone, of: contract.id, by: deals.client)
            }
            _ = await (ends, releases)
            let after = try await deals.contracts.get(contract.id, by: deals.client)
            let escrow = deals.peers.current.escrows[milestone]
            switch after.status {
            case .cancelled: #expect(escrow == .unfunded && deals.peers.current.releases == 0)
            case .completed: #expect(escrow == .released)
            default: Issue.record("it is \(after.status)")
            }
        }
    }
}
