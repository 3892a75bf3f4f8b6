import OutboundHTTP
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import ContractsService
@testable import SharedModels

/// The promise under test: an admin's decision is carried out once, through crashes, repeats and outages.
@Suite struct ResolutionTests {
    private let admin = AccountID.make(at: .start)

    private func resolve(
        _ id: DisputeID, _ input: DecisionInput, in deals: Deals
    ) async throws -> (dispute: Dispute, contract: Contract) {
        try await deals.resolutions.resolve(id, as: input, by: admin, expecting: anyVersion)
    }

    /// The losing parties that talent was told.
    private func losers(in deals: Deals) async throws -> [String] {
        try await deals.database.all(
            "SELECT data FROM outbox WHERE name = 'dispute.lost' AND destination = 'talent' ORDER BY position"
        ) { row in
            let data: JSONB = try row.decode("data")
            return try #require(try JSONValue.parse(data.bytes)["user_id"]?.string)
        }
    }

    @Test func `decided for the client the money goes back and the contract is cancelled`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.delivered()
            let id = try await deals.disputed(contract).id
            let (dispute, after) = try await resolve(id, DecisionInput(outcome: .client, chargeFee: true), in: deals)
            #expect(dispute.status == .resolved)
            #expect(deals.peers.current.escrows[contract.milestones[0].id] == .unfunded)
            #expect(deals.peers.current.settlements == [contract.milestones[0].id: 0])
            #expect(deals.peers.current.fees == [id: [deals.worker: 15_000]])
            #expect(after.status == .cancelled)
            #expect(after.milestones[0].status == .pending)
            #expect(after.milestones[0].dispute == nil || after.milestones[0].moving == nil)
            #expect(try await deals.count(.milestoneReleased) == 0)
            #expect(try await losers(in: deals) == ["\(deals.worker)"])
            let seen = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(seen.nextActions(at: deals.clock.now).isEmpty)
            #expect(seen.milestones[0].dispute == nil)
            let open = try await deals.negotiations.openDeals(of: deals.worker)
            #expect(open.asWorker == 0)
            // Payments' own news of the hold comes late, and changes nothing.
            try await deals.tell(.escrowLapsed, of: contract.milestones[0].id)
            #expect(try await deals.contracts.get(contract.id, by: deals.client) == seen)
        }
    }

    @Test func `payments' news of the hold may come before the decision is recorded`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.delivered()
            let id = try await deals.disputed(contract).id
            deals.peers.change { $0.lateFaults = [FakePeers.Crash()] }
            await #expect(throws: FakePeers.Crash.self) {
                _ = try await resolve(id, DecisionInput(outcome: .client), in: deals)
            }
            try await deals.tell(.escrowLapsed, of: contract.milestones[0].id)
            let (dispute, after) = try await deals.resolutions.finish(id)
            #expect(dispute.status == .resolved)
            #expect(after.status == .cancelled)
        }
    }

    @Test func `decided for the worker all of it is released, and the contract complete`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.delivered()
            let id = try await deals.disputed(contract).id
            let (dispute, after) = try await resolve(id, DecisionInput(outcome: .worker, chargeFee: true), in: deals)
            #expect(dispute.decision?.workersShare == .usd(cents: 50_000))
            #expect(after.status == .completed)
            #expect(after.milestones[0].payout?.transfer == .usd(cents: 47_500))
            #expect(after.milestones[0].payout?.returned == .usd(cents: 0))
            #expect(deals.peers.current.fees == [id: [deals.client: 15_000]])
            #expect(try await losers(in: deals) == ["\(deals.client)"])
            #expect(
                try await Array(deals.announced().suffix(2)) == [
                    "contract.milestone.released", "contract.updated",
                ])
            let release = try await deals.releases.release(
                contract.milestones[0].id, of: contract.id, by: deals.client)
            #expect(release.status == .released)
        }
    }

    @Test func `a split gives each side its part, and nobody has lost`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            let id = try await deals.disputed(contract).id
            let (dispute, after) = try await resolve(
                id, DecisionInput(outcome: .split, workerCents: 20_000, note: "Half of it works."), in: deals)
            let payout = try #require(after.milestones[0].payout)
            #expect(
                [payout.fee, payout.transfer, payout.returned]
                    == [.usd(cents: 1_000), .usd(cents: 19_000), .usd(cents: 30_000)])
            #expect(after.status == .completed)
            #expect(deals.peers.current.settlements.values.map(\.self) == [20_000])
            #expect(deals.peers.current.fees.isEmpty)
            #expect(try await losers(in: deals).isEmpty)
            let view = dispute.view(of: after, for: .worker, at: deals.clock.now)
            #expect(view.resolution?.workerCents == 20_000)
            #expect(view.resolution?.returnedCents == 30_000)
            #expect(view.resolution?.note == "Half of it works.")
            #expect(view.resolution?.settledAt == .start)
            #expect(view.nextActions.isEmpty)
            // What is answered as released is what was paid out.
            let release = try await deals.releases.release(
                contract.milestones[0].id, of: contract.id, by: deals.client)
            #expect(release.amount == release.payout.fee + release.payout.transfer)
            #expect(release.amount == .usd(cents: 20_000))
        }
    }

    @Test func `what others took back of the worker's part is missing in the payout of a split`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            let id = try await deals.disputed(contract).id
            deals.peers.change { $0.gone[contract.milestones[0].id] = 1_000 }
            let (_, after) = try await resolve(id, DecisionInput(outcome: .split, workerCents: 20_000), in: deals)
            let payout = try #require(after.milestones[0].payout)
            #expect(
                [payout.fee, payout.transfer, payout.returned]
                    == [.usd(cents: 950), .usd(cents: 18_050), .usd(cents: 31_000)])
        }
    }

    @Test(arguments: [DisputeOutcome.client, .worker])
    func `a dispute about unpaid work is decided without payments`(outcome: DisputeOutcome) async throws {
        try await Deals.with { deals in
            let contract = try await deals.approved(Terms(rate: .usd(cents: 0), hoursPerWeek: 10))
            _ = try await deals.milestones.fund(contract.milestones[0].id, of: contract.id, by: deals.client)
            let id = try await deals.disputed(contract).id
            let (dispute, after) = try await resolve(id, DecisionInput(outcome: outcome), in: deals)
            #expect(dispute.status == .resolved)
            #expect(after.status == (outcome == .client ? .cancelled : .completed))
            #expect(deals.peers.current.settlements.isEmpty)
            #expect(deals.peers.current.escrows.isEmpty)
        }
    }

    @Test(arguments: [(15_000, 20_000), (15_000, 0), (0, 15_000)] as [(Int, Int)])
    func `a decision repeated after the fee has changed is the same, and charges what it was then`(
        before: Int, after: Int
    ) async throws {
        try await Deals.with { deals in
            let id = try await deals.disputed().id
            func decide(at cents: Int, charging: Bool) async throws -> Decision? {
                let settings = try ContractsSettings(SettingsReader(.contracts, ["ARBITRATION_FEE_CENTS": "\(cents)"]))
                return try await deals.features(settings).resolutions.resolve(
                    id, as: DecisionInput(outcome: .worker, chargeFee: charging), by: admin, expecting: anyVersion
                ).dispute.decision
            }
            let first = try #require(try await decide(at: before, charging: true))
            #expect(try await decide(at: after, charging: true) == first)
            let charged = deals.peers.current.fees[id]?[deals.client]
            #expect(charged == (before == 0 ? nil : Int64(before)))
            await #expect(throws: DisputeError.decidedOtherwise) { _ = try await decide(at: after, charging: false) }
        }
    }

    @Test func `decisions at the same time move the money once, and another one afterwards is refused`()
        async throws
    {
        try await Deals.with { deals in
            let id = try await deals.disputed().id
            let decided = await attempts(6) {
                try await resolve(id, DecisionInput(outcome: .worker), in: deals).dispute.status
            }
            #expect(decided.failures.isEmpty)
            #expect(decided.successes.allSatisfy { $0 == .resolved })
            #expect(try await deals.count(.milestoneReleased) == 1)
            #expect(try await losers(in: deals).count == 1)
            for other in [DecisionInput(outcome: .client), DecisionInput(outcome: .worker, chargeFee: true)] {
                await #expect(throws: DisputeError.decidedOtherwise) {
                    _ = try await resolve(id, other, in: deals)
                }
            }
            await #expect(throws: ActionError.notNow(.recommend, state: "resolved", allowed: [])) {
                let dispute = try await deals.dispute(id)
                try dispute.require(.recommend, by: .client, at: deals.clock.now)
            }
        }
    }

    @Test(arguments: [true, false])
    func `a resolution whose process died goes on by itself`(afterPayments: Bool) async throws {
        try await Deals.with { deals in
            let id = try await deals.disputed().id
            deals.peers.change {
                if afterPayments {
                    $0.lateFaults = [FakePeers.Crash()]
                } else {
                    $0.faults = [FakePeers.Crash()]
                }
            }
            await #expect(throws: FakePeers.Crash.self) {
                _ = try await resolve(id, DecisionInput(outcome: .worker, chargeFee: true), in: deals)
            }
            deals.clock.advance(by: ResolutionWorkflow.resumeAfter)
            try await deals.runScheduled("the resolution ends") {
                try await deals.dispute(id).status == .resolved
            }
            #expect(deals.peers.current.fees[id] == [deals.client: 15_000])
            #expect(try await deals.count(.milestoneReleased) == 1)
            #expect(try await losers(in: deals).count == 1)
        }
    }

    @Test(arguments: [0, 1, 2])
    func `while payments is out a decision is accepted, and carried out by itself`(fault: Int) async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            let id = try await deals.disputed(contract).id
            let faults: [any Error] = [
                OutboundError.timedOut, PeerRefusal.sample(.serviceUnavailable),
                PeerRefusal.sample(.badGateway),
            ]
            deals.peers.change { $0.faults = [faults[fault]] }
            let (dispute, _) = try await resolve(id, DecisionInput(outcome: .split, workerCents: 1), in: deals)
            #expect(dispute.status == .open)
            #expect(dispute.settledAt == nil)
            #expect(dispute.decision?.workersShare == .usd(cents: 1))
            #expect(dispute.nextActions(at: deals.clock.now).isEmpty)
            await #expect(throws: ActionError.moneyIsMoving(allowed: [])) {
                try await deals.disputes.respond(
                    to: id, with: [.commit], by: deals.worker, expecting: anyVersion)
            }
            await #expect(throws: ActionError.moneyIsMoving(allowed: [])) {
                try await deals.releases.release(contract.milestones[0].id, of: contract.id, by: deals.client)
            }
            deals.clock.advance(by: ResolutionWorkflow.resumeAfter)
            try await deals.runScheduled("the resolution ends") {
                try await deals.dispute(id).status == .resolved
            }
        }
    }

    @Test func `a fee that cannot be booked is booked later, and the money moves once`() async throws {
        try await Deals.with { deals in
            let id = try await deals.disputed().id
            deals.peers.change { $0.feeFaults = [PeerRefusal.sample(.conflict)] }
            let (dispute, _) = try await resolve(id, DecisionInput(outcome: .worker, chargeFee: true), in: deals)
            #expect(dispute.settledAt == nil)
            deals.clock.advance(by: ResolutionWorkflow.resumeAfter)
            try await deals.runScheduled("the fee is booked") {
                try await deals.dispute(id).status == .resolved
            }
            #expect(deals.peers.current.fees[id] == [deals.client: 15_000])
            #expect(try await deals.count(.milestoneReleased) == 1)
        }
    }

    @Test func `a division that payments refuses leaves the dispute to be decided`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            let id = try await deals.disputed(contract).id
            deals.peers.change { $0.faults = [PeerRefusal.sample(.conflict)] }
            await #expect(throws: PeerRefusal.sample(.conflict)) {
                _ = try await resolve(id, DecisionInput(outcome: .worker), in: deals)
            }
            let dispute = try await deals.dispute(id)
            let after = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(dispute.decision == nil)
            #expect(dispute.status == .open)
            #expect(after.milestones[0].moving == nil)
            #expect(try await resolve(id, DecisionInput(outcome: .client), in: deals).dispute.status == .resolved)
        }
    }

    @Test func `there is nothing to decide about a dispute that does not exist`() async throws {
        try await Deals.with { deals in
            _ = await #expect(throws: DisputeError.notFound) {
                _ = try await resolve(.make(at: .start), DecisionInput(outcome: .client), in: deals)
            }
        }
    }

    @Test func `a refused decision changes nothing`() async throws {
        try await Deals.with { deals in
            let dispute = try await deals.disputed()
            for input in [
                DecisionInput(outcome: .split, workerCents: 0), DecisionInput(outcome: .split, workerCents: 50_000),
            ] {
                await #expect(throws: DisputeError.self) {
                    _ = try await resolve(dispute.id, input, in: deals)
                }
            }
            #expect(try await deals.dispute(dispute.id) == dispute)
            #expect(deals.peers.current.settlements.isEmpty)
        }
    }
}
