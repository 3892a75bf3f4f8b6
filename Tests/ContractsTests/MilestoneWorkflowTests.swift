import OutboundHTTP
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import ContractsService
@testable import SharedModels

/// The promise under test: a milestone is funded and released once, through crashes, repeats and outages.
@Suite struct MilestoneWorkflowTests {
    @Test func `a hold is needed once the contract is active, or while it is disputed, and not before`() async throws {
        try await Deals.with { deals in
            let waiting = try await deals.approved()
            _ = try await deals.milestones.fund(waiting.milestones[0].id, of: waiting.id, by: deals.client)
            try await deals.hold(waiting.milestones[0].id)
            #expect(try await deals.milestones.needsHold(waiting.milestones[0].id) == false)
            try await deals.tell(.payeeOnboarded, ["user_id": .string("\(deals.worker)")])
            #expect(try await deals.milestones.needsHold(waiting.milestones[0].id))
            await #expect(throws: ContractError.notFound) {
                _ = try await deals.milestones.needsHold(.make(at: .start))
            }
        }
    }

    @Test func `funding before the onboarding waits for both`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.approved()
            let milestone = contract.milestones[0].id
            func status() async throws -> ContractStatus {
                try await deals.contracts.get(contract.id, by: deals.client).status
            }
            await #expect(throws: ActionError.notYours(.fund)) {
                try await deals.milestones.fund(milestone, of: contract.id, by: deals.worker)
            }
            let funding = try await deals.milestones.fund(milestone, of: contract.id, by: deals.client)
            #expect(funding.clientSecret == "pi_1_secret")
            #expect(funding.status == .pending)
            #expect(try await status() == .pendingBoth)
            let again = try await deals.milestones.fund(milestone, of: contract.id, by: deals.client)
            #expect(again.clientSecret == funding.clientSecret)
            try await deals.hold(milestone)
            #expect(try await status() == .pendingFreelancerKYC)
            try await deals.tell(.payeeOnboarded, ["user_id": .string("\(deals.worker)")])
            #expect(try await status() == .active)
        }
    }

    @Test func `news that comes again changes nothing`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            #expect(contract.status == .active)
            let milestone = contract.milestones[0].id
            let id = try await deals.tell(.escrowFunded, of: milestone)
            try await deals.tell(.escrowFunded, of: milestone, id: id)
            #expect(try await deals.count(.milestoneFunded) == 1)
            #expect(try await deals.contracts.get(contract.id, by: deals.client).version == contract.version)
        }
    }

    @Test func `a funding that payments already holds counts at once`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.approved()
            deals.peers.change { $0.escrows[contract.milestones[0].id] = .held }
            let funding = try await deals.milestones.fund(
                contract.milestones[0].id, of: contract.id, by: deals.client)
            #expect(funding.status == .funded)
            #expect(funding.clientSecret == nil)
            try await deals.hold(contract.milestones[0].id)
            #expect(try await deals.count(.milestoneFunded) == 1)
        }
    }

    @Test func `a hold that lapses is to be made again`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            try await deals.lapse(contract.milestones[0].id)
            let after = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(after.milestones[0].status == .pending)
            #expect(after.nextActions(at: .start).map(\.action) == ["fund", "end"])
        }
    }

    @Test func `news that is old when it comes is not followed`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            let milestone = contract.milestones[0].id
            // The hold lapsed and was made again meanwhile.
            try await deals.tell(.escrowLapsed, of: milestone)
            #expect(try await deals.contracts.get(contract.id, by: deals.client) == contract)
            try await deals.lapse(milestone)
            let lapsed = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(lapsed.milestones[0].status == .pending)
            // The client pays again, and the news of the first payment comes once more.
            for state in [EscrowState.unfunded, .authorizing] {
                deals.peers.change { $0.escrows[milestone] = state }
                try await deals.tell(.escrowFunded, of: milestone)
                #expect(try await deals.contracts.get(contract.id, by: deals.client).milestones[0].status == .pending)
            }
            #expect(try await deals.count(.milestoneFunded) == 1)
        }
    }

    @Test func `money that moves while it is looked at is followed to where it ends`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.approved()
            let milestone = contract.milestones[0].id
            _ = try await deals.milestones.fund(milestone, of: contract.id, by: deals.client)
            deals.peers.change {
                $0.escrows[milestone] = .unfunded
                $0.pastStates = [.held]
            }
            try await deals.tell(.escrowFunded, of: milestone)
            #expect(try await deals.contracts.get(contract.id, by: deals.client).milestones[0].status == .pending)
        }
    }

    @Test func `a payment that comes after a revision is let go`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.approved()
            let milestone = contract.milestones[0].id
            _ = try await deals.revisions.revise(
                contract.id, notes: "wait", by: deals.client, expecting: anyVersion)
            try await deals.hold(milestone)
            try await deals.runScheduled("the hold is let go") {
                deals.peers.current.escrows[milestone] == .unfunded
            }
            #expect(try await deals.count(.milestoneFunded) == 0)
        }
    }

    @Test func `a payment that comes during a revision that fails is found later`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.approved()
            let milestone = contract.milestones[0].id
            deals.peers.change {
                $0.escrows[milestone] = .escrowed
                $0.faults = [PeerRefusal.sample(.conflict)]
                $0.meanwhile = {
                    try await deals.tell(.escrowFunded, of: milestone)
                }
            }
            await #expect(throws: PeerRefusal.self) {
                try await deals.revisions.revise(
                    contract.id, notes: "no", by: deals.client, expecting: anyVersion)
            }
            deals.clock.advance(by: FundingWorkflow.recheckAfter)
            try await deals.runScheduled("the milestone is funded") {
                try await deals.count(.milestoneFunded) == 1
            }
        }
    }

    @Test(arguments: [20_001, 50_000] as [Int64])
    func `a release of what is left after a part went back is complete, and says so`(gone: Int64) async throws {
        try await Deals.with { deals in
            let contract = try await deals.delivered()
            let milestone = contract.milestones[0].id
            deals.peers.change { $0.gone[milestone] = gone }
            let release = try await deals.releases.release(milestone, of: contract.id, by: deals.client)
            #expect(release.amount == .usd(cents: 50_000 - gone))
            #expect(release.payout.returned == .usd(cents: gone))
            #expect(release.amount == release.payout.fee + release.payout.transfer)
            let after = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(after.status == .completed && after.milestones[0].payout == release.payout)
        }
    }

    @Test func `the worker delivers, the client releases, and the deal is complete`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            let milestone = contract.milestones[0].id
            await #expect(throws: ActionError.notYours(.deliver)) {
                try await deals.milestones.deliver(
                    DeliveryInput(), for: milestone, of: contract.id, by: deals.client,
                    expecting: anyVersion)
            }
            let delivered = try await deals.milestones.deliver(
                DeliveryInput(note: "done", url: "https://example.com/work"), for: milestone, of: contract.id,
                by: deals.worker, expecting: anyVersion)
            #expect(delivered.milestones[0].status == .delivered)
            let release = try await deals.releases.release(milestone, of: contract.id, by: deals.client)
            #expect(release.amount == release.payout.fee + release.payout.transfer)
            #expect(release.payout.leavesAt == .start + .days(3))
            let after = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(after.status == .completed)
            #expect(after.nextActions(at: .start).map(\.action) == ["review"])
            #expect(
                try await Array(deals.announced().suffix(2)) == [
                    "contract.milestone.released", "contract.updated",
                ])
        }
    }

    @Test func `releases at the same time answer alike and are announced once`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            let releases = await attempts(6) {
                try await deals.releases.release(contract.milestones[0].id, of: contract.id, by: deals.client)
            }
            #expect(releases.failures.isEmpty)
            #expect(
                releases.successes.allSatisfy { $0.status == .released && $0.payout.transfer == .usd(cents: 47_500) })
            #expect(try await deals.count(.milestoneReleased) == 1)
        }
    }

    @Test(arguments: [true, false])
    func `a release whose process died goes on by itself`(afterPayments: Bool) async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            let milestone = contract.milestones[0].id
            deals.peers.change {
                if afterPayments {
                    $0.lateFaults = [FakePeers.Crash()]
                } else {
                    $0.faults = [FakePeers.Crash()]
                }
            }
            await #expect(throws: FakePeers.Crash.self) {
                try await deals.releases.release(milestone, of: contract.id, by: deals.client)
            }
            #expect(try await deals.count(.milestoneReleased) == 0)
            deals.clock.advance(by: ReleaseWorkflow.resumeAfter)
            try await deals.runScheduled("the release ends") {
                try await deals.count(.milestoneReleased) == 1
            }
            #expect(try await deals.contracts.get(contract.id, by: deals.client).status == .completed)
            let repeated = try await deals.releases.release(milestone, of: contract.id, by: deals.client)
            #expect(repeated.status == .released)
            #expect(deals.peers.current.releases == 1)
        }
    }

    @Test(arguments: [0, 1, 2])
    func `while payments is out a release is accepted, and ends by itself`(fault: Int) async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            let milestone = contract.milestones[0].id
            let faults: [any Error] = [
                OutboundError.timedOut, PeerRefusal.sample(.serviceUnavailable),
                PeerRefusal.sample(.badGateway),
            ]
            deals.peers.change { $0.faults = [faults[fault]] }
            let release = try await deals.releases.release(milestone, of: contract.id, by: deals.client)
            #expect(release.status == .releasing)
            #expect(release.payout.fee == .usd(cents: 2_500))
            #expect(release.payout.transfer == .usd(cents: 47_500))
            await #expect(throws: ActionError.moneyIsMoving(allowed: [])) {
                try await deals.milestones.deliver(
                    DeliveryInput(), for: milestone, of: contract.id, by: deals.worker,
                    expecting: anyVersion)
            }
            deals.clock.advance(by: ReleaseWorkflow.resumeAfter)
            try await deals.runScheduled("the release ends") {
                try await deals.count(.milestoneReleased) == 1
            }
        }
    }

    /// Like a milestone that was funded before the figures were stored.
    @Test func `figures that payments never told are not made up, and the release ends by itself all the same`()
        async throws
    {
        try await Deals.with { deals in
            let contract = try await deals.active()
            let milestone = contract.milestones[0].id
            try await deals.database.execute("UPDATE milestones SET quoted_fee_cents = NULL")
            deals.peers.change { $0.faults = [OutboundError.timedOut] }
            await #expect(throws: OutboundError.self) {
                try await deals.releases.release(milestone, of: contract.id, by: deals.client)
            }
            deals.clock.advance(by: ReleaseWorkflow.resumeAfter)
            try await deals.runScheduled("the release ends") {
                try await deals.count(.milestoneReleased) == 1
            }
        }
    }

    @Test func `what payments tells of the fee is kept when the client begins to pay, and forgotten with the terms`()
        async throws
    {
        try await Deals.with { deals in
            let contract = try await deals.approved()
            #expect(contract.milestones[0].quotedFee == nil)
            _ = try await deals.milestones.fund(contract.milestones[0].id, of: contract.id, by: deals.client)
            let begun = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(begun.milestones[0].status == .pending && begun.milestones[0].quotedFee == .usd(cents: 2_500))
            _ = try await deals.revisions.revise(
                contract.id, notes: "fewer hours", by: deals.client, expecting: anyVersion)
            _ = try await deals.negotiations.propose(
                Terms(hoursPerWeek: 5), in: contract.negotiationID, by: deals.client, expecting: anyVersion)
            _ = try await deals.negotiations.agree(
                to: nil, in: contract.negotiationID, by: deals.worker, expecting: anyVersion)
            let renewed = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(renewed.milestones[0].amount == .usd(cents: 25_000) && renewed.milestones[0].quotedFee == nil)
        }
    }

    @Test func `a release that payments refuses leaves everything as it was`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            let milestone = contract.milestones[0].id
            deals.peers.change { $0.faults = [PeerRefusal.sample(.conflict)] }
            await #expect(throws: PeerRefusal.sample(.conflict)) {
                try await deals.releases.release(milestone, of: contract.id, by: deals.client)
            }
            let after = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(after.milestones == contract.milestones)
            #expect(
                try await deals.releases.release(milestone, of: contract.id, by: deals.client).status
                    == .released)
        }
    }
}
