import OutboundHTTP
import Postgres
import SharedModels
import TestSupport
import Testing

@testable import ContractsService

/// The promise under test: what a milestone says about its payout is what payments says.
@Suite struct PayoutNewsTests {
    @Test(arguments: [EscrowState.released, .paid])
    func `money that goes back to the client after the release or the payout is missing in it`(
        state: EscrowState
    ) async throws {
        try await Deals.with { (deals) async throws in
            let completed = try await deals.completed()
            let milestone = completed.milestones[0]
            deals.peers.change { $0.escrows[milestone.id] = state }
            #expect(milestone.payout?.transfer == .usd(cents: 47_500) && milestone.payout?.leavesAt != nil)
            for (gone, transfer) in [(Int64(10_000), Int64(38_000)), (50_000, 0), (0, 47_500)] {
                deals.peers.change { $0.gone[milestone.id] = gone }
                try await deals.tell(.milestoneMoneyChanged, of: milestone.id)
                let contract = try await deals.contracts.get(completed.id, by: deals.client)
                let payout = try #require(try contract.milestone(milestone.id).payout)
                #expect(payout.transfer == .usd(cents: transfer) && payout.returned == .usd(cents: gone))
                // Nothing leaves when nothing is left.
                #expect((payout.leavesAt == nil) == (transfer == 0))
                #expect(contract.status == .completed)
            }
        }
    }

    @Test func `news that comes while a release is being written down is looked at again`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.delivered()
            let milestone = contract.milestones[0].id
            deals.peers.change { $0.lateFaults = [OutboundError.timedOut] }
            _ = try await deals.releases.release(milestone, of: contract.id, by: deals.client)
            #expect(try await deals.contracts.get(contract.id, by: deals.client).milestones[0].moving == .release)
            try await deals.tell(.milestoneMoneyChanged, of: milestone)
            let waiting: Int64 = try await deals.database.one(
                "SELECT count(*) AS waiting FROM scheduled WHERE kind = \(RecheckFunding.kind)"
            ) { try $0.decode("waiting") }
            #expect(waiting == 1)
        }
    }

    @Test func `news about money that is not released changes no payout`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.delivered()
            try await deals.tell(.milestoneMoneyChanged, of: contract.milestones[0].id)
            #expect(deals.peers.current.releases == 0)
            #expect(try await deals.contracts.get(contract.id, by: deals.client).milestones[0].payout == nil)
        }
    }
}
