import OutboundHTTP
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import ContractsService
@testable import SharedModels

/// The promise under test: delivered work that nobody disputes is paid for without anybody's help, after a reminder, and
/// what is disputed waits for its decision.
@Suite struct DeadlineTests {
    private func milestone(of id: ContractID, in deals: Deals) async throws -> Milestone {
        try await deals.contracts.get(id, by: deals.client).milestones[0]
    }

    @Test func `fourteen days after its delivery a milestone is released by itself, and the contract is completed`()
        async throws
    {
        try await Deals.with { deals in
            let contract = try await deals.delivered()
            let due = deals.clock.now + .days(14)
            let shown = contract.view(for: .worker, at: deals.clock.now).milestones[0]
            #expect(shown.autoReleaseAt == due && shown.releasedBy == nil)
            deals.clock.advance(by: .days(14) - .seconds(1))
            #expect(try await deals.deadlines.release(shown.id) == .again(at: due))
            #expect(try await milestone(of: contract.id, in: deals).status == .delivered)
            deals.clock.advance(by: .seconds(1))
            try await deals.runScheduled("the milestone is released") {
                try await milestone(of: contract.id, in: deals).status == .released
            }
            let after = try await deals.contracts.get(contract.id, by: deals.client)
            let released = after.view(for: .client, at: deals.clock.now).milestones[0]
            #expect(released.releasedBy == .deadline && released.autoReleaseAt == nil)
            #expect(after.status == .completed && deals.peers.current.releases == 1)
            #expect(try await deals.count(.milestoneReleased) == 1)
            let told = try await deals.database.one(
                """
                SELECT data->>'released_by' AS cause FROM outbox WHERE name = 'contract.milestone.released'
                """
            ) { try $0.decode("cause", as: String.self) }
            #expect(told == "deadline")
        }
    }

    @Test func `the client alone is reminded three days before, once`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.delivered()
            let id = contract.milestones[0].id
            let due = deals.clock.now + .days(14)
            #expect(try await deals.deadlines.remind(id) == .again(at: due - .days(3)))
            deals.clock.advance(by: .days(11))
            try await deals.runScheduled("the client is reminded") {
                try await deals.count(.milestoneReleaseDue) == 1
            }
            let reminder = try await deals.database.one(
                """
                SELECT recipients, data->>'auto_release_at' AS due FROM outbox
                 WHERE name = 'contract.milestone.release_due'
                """
            ) { (try $0.decode("recipients", as: [AccountID].self), try $0.decode("due", as: String.self)) }
            #expect(reminder.0 == [deals.client])
            #expect(Timestamp(reminder.1) == due)
            deals.clock.advance(by: .days(3))
            try await deals.runScheduled("the milestone is released") {
                try await milestone(of: contract.id, in: deals).status == .released
            }
            #expect(try await deals.count(.milestoneReleaseDue) == 1)
        }
    }

    @Test func `who releases in time is neither reminded nor overtaken`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.completed()
            let released = try await milestone(of: contract.id, in: deals)
            #expect(released.releasedBy == .client)
            deals.clock.advance(by: .days(15))
            #expect(try await deals.deadlines.release(released.id) == .done)
            #expect(try await deals.deadlines.remind(released.id) == .done)
            #expect(try await deals.count(.milestoneReleased) == 1)
            #expect(try await deals.count(.milestoneReleaseDue) == 0)
        }
    }

    @Test func `a disputed milestone waits for its decision`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.delivered()
            let dispute = try await deals.disputed(contract)
            let disputed = try await milestone(of: contract.id, in: deals)
            #expect(disputed.autoReleaseAt == nil)
            deals.clock.advance(by: .days(20))
            #expect(try await deals.deadlines.remind(disputed.id) == .done)
            #expect(try await deals.deadlines.release(disputed.id) == .done)
            #expect(try await milestone(of: contract.id, in: deals) == disputed)
            _ = try await deals.resolutions.resolve(
                dispute.id, as: DecisionInput(outcome: .worker), by: .make(at: .start), expecting: anyVersion)
            #expect(try await milestone(of: contract.id, in: deals).releasedBy == .decision)
        }
    }

    @Test func `a dispute and the deadline at the same time: the milestone is disputed or released, never both`()
        async throws
    {
        try await Deals.with { deals in
            for _ in 0..<5 {
                let contract = try await deals.delivered()
                let id = contract.milestones[0].id
                deals.clock.advance(by: .days(14))
                async let disputes = attempts(2) { try await deals.disputed(contract) }
                async let releases = attempts(2) { try await deals.deadlines.release(id) }
                let (opened, released) = await (disputes.successes, releases.successes)
                // The window ends where the release begins.
                #expect(opened.isEmpty && !released.isEmpty)
                let after = try await milestone(of: contract.id, in: deals)
                #expect(after.status == .released && after.dispute == nil)
            }
        }
    }

    @Test(arguments: [false, true])
    func `while payments is away the release waits, and is still the deadline's when it ends`(isLate: Bool) async throws
    {
        try await Deals.with { deals in
            let contract = try await deals.delivered()
            let id = contract.milestones[0].id
            deals.clock.advance(by: .days(14))
            deals.peers.change {
                if isLate { $0.lateFaults = [OutboundError.timedOut] } else { $0.faults = [OutboundError.timedOut] }
            }
            #expect(
                try await deals.deadlines.release(id) == .again(at: deals.clock.now + DeadlineWorkflow.pause))
            // The client's own release joins it.
            let joined = try await deals.releases.release(id, of: contract.id, by: deals.client)
            #expect(joined.status == .released)
            #expect(try await milestone(of: contract.id, in: deals).releasedBy == .deadline)
        }
    }

    @Test func `when payments refuses, the milestone stays and is tried again`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.delivered()
            let id = contract.milestones[0].id
            deals.clock.advance(by: .days(14))
            deals.peers.change { $0.escrows[id] = .unfunded }
            let next = deals.clock.now + DeadlineWorkflow.pauseAfterRefusal
            #expect(try await deals.deadlines.release(id) == .again(at: next))
            let waiting = try await milestone(of: contract.id, in: deals)
            #expect(waiting.status == .delivered && waiting.moving == nil && waiting.releasedBy == nil)
            deals.peers.change { $0.escrows[id] = .escrowed }
            #expect(try await deals.deadlines.release(id) == .done)
            #expect(try await milestone(of: contract.id, in: deals).releasedBy == .deadline)
        }
    }

    @Test func `a milestone whose hold is gone has no deadline until it is delivered again`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.delivered()
            let id = contract.milestones[0].id
            try await deals.lapse(id)
            deals.clock.advance(by: .days(10))
            try await deals.hold(id)
            _ = try await deals.milestones.deliver(
                DeliveryInput(), for: id, of: contract.id, by: deals.worker, expecting: anyVersion)
            deals.clock.advance(by: .days(4))
            #expect(try await deals.deadlines.release(id) == .again(at: deals.clock.now + .days(10)))
        }
    }

    @Test func `unpaid work that was delivered is released too`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.approved(Terms(rate: .usd(cents: 0), hoursPerWeek: 10))
            let id = contract.milestones[0].id
            _ = try await deals.milestones.fund(id, of: contract.id, by: deals.client)
            _ = try await deals.milestones.deliver(
                DeliveryInput(), for: id, of: contract.id, by: deals.worker, expecting: anyVersion)
            deals.clock.advance(by: .days(14))
            #expect(try await deals.deadlines.release(id) == .done)
            #expect(try await milestone(of: contract.id, in: deals).releasedBy == .deadline)
            #expect(deals.peers.current.releases == 0)
        }
    }
}
