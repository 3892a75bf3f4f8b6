import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import ContractsService

/// The promise under test: no approval, onboarding or payment is lost on the way to an active contract, in
/// any order.
@Suite struct ContractWorkflowTests {
    @Test func `approving at the same time starts the activation once`() async throws {
        try await Deals.with { deals in
            let id = try await deals.agreed().id
            let approvals = await attempts(8) { index in
                try await deals.contracts.approve(
                    id, by: index.isMultiple(of: 2) ? deals.client : deals.worker, expecting: anyVersion
                )
            }
            #expect(approvals.failures.isEmpty)
            let contract = try await deals.contracts.get(id, by: deals.worker)
            #expect(contract.status == .pendingFreelancerKYC)
            #expect(contract.activationDeadline == .start + .days(7))
            #expect(contract.negotiation.state == .approved)
            #expect(try await deals.count(.contractUpdated) == 2)
        }
    }

    @Test func `the worker's approval carries the onboarding link while it is needed, and stands without it`()
        async throws
    {
        try await Deals.with { deals in
            let id = try await deals.agreed().id
            let client = try await deals.contracts.approve(id, by: deals.client, expecting: anyVersion)
            #expect(client.connectURL == nil)
            deals.peers.change { $0.faults = [OutboundError.timedOut] }
            let worker = try await deals.contracts.approve(id, by: deals.worker, expecting: anyVersion)
            #expect(worker.connectURL == nil)
            #expect(worker.contract.status == .pendingFreelancerKYC)
            let repeated = try await deals.contracts.approve(
                id, by: deals.worker, expecting: anyVersion)
            #expect(repeated.connectURL != nil)
            #expect(repeated.contract.version == worker.contract.version)
            #expect(try await deals.contracts.connectLink(id, by: deals.worker) == repeated.connectURL)
            await #expect(throws: ActionError.notYours(.connect)) {
                try await deals.contracts.connectLink(id, by: deals.client)
            }
            try await deals.tell(.payeeOnboarded, ["user_id": .string("\(deals.worker)")])
            await #expect(
                throws: ActionError.notNow(.connect, state: "pending_client_funding", allowed: ["revise"])
            ) {
                try await deals.contracts.connectLink(id, by: deals.worker)
            }
        }
    }

    @Test(arguments: 0..<4)
    func `an onboarding that comes with the approval is not missed`(_: Int) async throws {
        try await Deals.with { deals in
            let id = try await deals.agreed().id
            _ = try await deals.contracts.approve(id, by: deals.client, expecting: anyVersion)
            let both = await attempts(2) { index in
                if index == 0 {
                    _ = try await deals.contracts.approve(id, by: deals.worker, expecting: anyVersion)
                } else {
                    try await deals.tell(.payeeOnboarded, ["user_id": .string("\(deals.worker)")])
                }
            }
            #expect(both.failures.isEmpty)
            #expect(try await deals.contracts.get(id, by: deals.client).status == .pendingClientFunding)
        }
    }

    @Test func `a contract without money is active as soon as the client says so`() async throws {
        try await Deals.with { deals in
            var contract = try await deals.approved(Terms(hoursPerWeek: 0))
            let milestone = contract.milestones[0].id
            #expect(contract.status == .pendingClientFunding)
            let funding = try await deals.milestones.fund(milestone, of: contract.id, by: deals.client)
            #expect(funding.status == .funded)
            contract = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(contract.status == .active)
            let release = try await deals.releases.release(milestone, of: contract.id, by: deals.client)
            #expect(release.status == .released)
            #expect(release.payout.leavesAt == nil)
            #expect(try await deals.contracts.get(contract.id, by: deals.client).status == .completed)
            #expect(deals.peers.current.escrows.isEmpty)
        }
    }

    @Test func `a revision lets the hold go, and the next agreement renews the same contract`() async throws {
        try await Deals.with { deals in
            let before = try await deals.approved()
            let milestone = before.milestones[0].id
            _ = try await deals.milestones.fund(milestone, of: before.id, by: deals.client)
            try await deals.hold(milestone)
            let revised = try await deals.revisions.revise(
                before.id, notes: "fewer hours", by: deals.worker, expecting: anyVersion)
            #expect(deals.peers.current.escrows[milestone] == .unfunded)
            #expect(revised.status == .pendingOwnerApproval)
            #expect(revised.clientApprovedAt == nil && revised.workerApprovedAt == nil)
            #expect(revised.milestones[0].status == .pending)
            #expect(revised.revisionNotes == "fewer hours")
            let talks = revised.nextActions(at: .start)
            #expect(talks.map(\.action) == ["round", "decline"])
            #expect(
                talks.map(\.href) == ["round", "decline"].map { "/api/negotiations/\(revised.negotiationID)/\($0)" })
            #expect(talks.allSatisfy { $0.by == [.client, .worker] })
            #expect(
                throws: ActionError.notNow(.approve, state: "pending_owner_approval", allowed: ["round", "decline"])
            ) {
                try revised.require(.approve, by: .client, at: .start)
            }
            _ = try await deals.negotiations.propose(
                Terms(hoursPerWeek: 5), in: before.negotiationID, by: deals.client,
                expecting: anyVersion)
            let agreed = try await deals.negotiations.agree(
                to: 1, in: before.negotiationID, by: deals.worker, expecting: anyVersion)
            #expect(agreed.contractID == before.id)
            let renewed = try await deals.contracts.get(before.id, by: deals.client)
            #expect(renewed.milestones.map(\.id) == [milestone])
            #expect(renewed.milestones[0].amount == .usd(cents: 25_000))
            #expect(try await deals.count(.contractCreated) == 1)
            // The deadline of the first approval is forgotten.
            deals.clock.advance(by: .days(8))
            try await deals.runScheduled("nothing is due") {
                try await deals.database.rows("SELECT FROM scheduled WHERE due_at <= \(deals.clock.now)").isEmpty
            }
            #expect(try await deals.contracts.get(before.id, by: deals.client).status == .pendingOwnerApproval)
        }
    }

    @Test func `a revision that was interrupted goes on by itself`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.approved()
            _ = try await deals.milestones.fund(contract.milestones[0].id, of: contract.id, by: deals.client)
            try await deals.hold(contract.milestones[0].id)
            deals.peers.change { $0.lateFaults = [FakePeers.Crash()] }
            await #expect(throws: FakePeers.Crash.self) {
                try await deals.revisions.revise(
                    contract.id, notes: "again", by: deals.client, expecting: anyVersion)
            }
            await #expect(throws: ActionError.self) {
                try await deals.milestones.fund(contract.milestones[0].id, of: contract.id, by: deals.worker)
            }
            deals.clock.advance(by: .seconds(10))
            try await deals.runScheduled("the revision ends") {
                try await deals.contracts.get(contract.id, by: deals.client).revisionNotes == "again"
            }
            #expect(
                try await deals.contracts.get(contract.id, by: deals.client).status == .pendingOwnerApproval)
        }
    }

    @Test func `when payments keeps the money the contract stays, and an onboarding meanwhile is not missed`()
        async throws
    {
        try await Deals.with { deals in
            let contract = try await deals.approved()
            let milestone = contract.milestones[0].id
            _ = try await deals.milestones.fund(milestone, of: contract.id, by: deals.client)
            try await deals.hold(milestone)
            deals.peers.change {
                $0.escrows[milestone] = .released
                $0.meanwhile = {
                    _ = try await deals.tell(.payeeOnboarded, ["user_id": .string("\(deals.worker)")])
                }
            }
            await #expect(throws: PeerRefusal.self) {
                try await deals.revisions.revise(
                    contract.id, notes: "no", by: deals.client, expecting: anyVersion)
            }
            let after = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(after.status == .active)
            #expect(after.milestones[0].status == .funded)
        }
    }

    @Test func `after seven days without activation a contract expires and lets the hold go`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.approved()
            let milestone = contract.milestones[0].id
            _ = try await deals.milestones.fund(milestone, of: contract.id, by: deals.client)
            try await deals.hold(milestone)
            deals.clock.advance(by: .days(7))
            try await deals.runScheduled("the contract expires") {
                try await deals.contracts.get(contract.id, by: deals.client).status == .expired
            }
            #expect(deals.peers.current.escrows[milestone] == .unfunded)
            let open = try await deals.negotiations.openDeals(of: deals.client)
            #expect(open.asClient == 0)
            // The client confirmed another payment a moment too late.
            try await deals.hold(milestone)
            try await deals.runScheduled("the late payment is let go") {
                deals.peers.current.escrows[milestone] == .unfunded
            }
            #expect(try await deals.contracts.get(contract.id, by: deals.client).status == .expired)
        }
    }
}
