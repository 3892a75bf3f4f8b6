import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: no account is deleted while its money is still on the way.
@Suite struct BlockerTests {
    @Test func `held and escrowed money stands in the way of both, a payout in the way of who is paid`()
        async throws
    {
        try await PaymentsWorld.with { world in
            let deal = Deal()
            let (client, contract) = (deal.input.clientUserID, deal.input.contractID)
            func blockers() async throws -> [[DeletionBlocker]] {
                [
                    try await world.escrows.blockers(of: client),
                    try await world.escrows.blockers(of: deal.worker),
                ]
            }
            // A payment that was begun and is not held belongs to nobody yet.
            _ = try await world.escrows.fund(deal.milestone, deal.input)
            #expect(try await blockers() == [[], []])
            let money = DeletionBlocker(.money, of: deal.milestone, in: contract)
            _ = try await world.held(deal)
            #expect(try await blockers() == [[money], [money]])
            try await world.escrows.captureBeforeLapse(deal.milestone)
            #expect(try await blockers() == [[money], [money]])
            let released = try await world.escrows.release(deal.milestone)
            let payout = DeletionBlocker(
                .payout, of: deal.milestone, in: contract, payoutAt: released.release?.payoutAt)
            #expect(payout.payoutAt == world.clock.now + .days(3))
            #expect(try await blockers() == [[], [payout]])
            try await world.onboard(deal.worker)
            try await world.escrows.payOut(deal.milestone)
            #expect(try await blockers() == [[], []])
        }
    }

    @Test func `money that went back stands in nobody's way`() async throws {
        try await PaymentsWorld.with { world in
            let deal = try await world.held()
            _ = try await world.escrows.cancel(deal.milestone)
            #expect(try await world.escrows.blockers(of: deal.worker).isEmpty)
            #expect(try await world.escrows.blockers(of: deal.input.clientUserID).isEmpty)
        }
    }
}
