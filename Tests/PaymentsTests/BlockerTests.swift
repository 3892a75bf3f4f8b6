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

    @Test func `what a bank disputes stands in the way of those who may get it back, until the bank decides`()
        async throws
    {
        try await OutsideWorld.use { world in
            let paid = try await world.paid()
            let made = try await world.stripe.tell("stripe/disputes", ["payment_intent": world.payment(of: paid)])
            try await world.hear()
            let milestone = DeletionBlocker(.chargeback, of: paid.milestone, in: paid.input.contractID)
            #expect(try await world.escrows.blockers(of: paid.worker) == [milestone])
            #expect(try await world.escrows.blockers(of: paid.input.clientUserID).isEmpty)
            try await world.decide(#require(made["id"]?.string), "lost")
            #expect(try await world.escrows.blockers(of: paid.worker).isEmpty)

            let released = try await world.released()
            let divided = try await world.funded(PaidContract(status: .ongoing))
            _ = try await world.refund(divided)
            for deal in [released, divided] {
                let dispute = try await world.dispute(deal)
                // Their wallets are empty now, and would not be after the bank's decision.
                let blocker = [DeletionBlocker(.chargeback, of: nil, in: deal.id)]
                #expect(try await world.checkouts.blockers(of: deal.freelancer) == blocker)
                let isDivided = deal.id == divided.id
                #expect(try await world.checkouts.blockers(of: deal.client) == (isDivided ? blocker : []))
                try await world.decide(dispute, "won")
                for account in [deal.client, deal.freelancer] {
                    #expect(try await world.checkouts.blockers(of: account).isEmpty)
                }
            }
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
