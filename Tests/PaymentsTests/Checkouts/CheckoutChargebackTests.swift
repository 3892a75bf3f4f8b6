import Postgres
import ServiceKit
import SharedModels
import Testing

@testable import PaymentsService

/// The promise under test: what a client's bank or somebody in the dashboard takes back is taken from where the money is,
/// so that a refund to the wallet and one to the card never both stand.
@Suite struct CheckoutChargebackTests {
    @Test func `disputed money in escrow does not move, and is free again when the dispute is won`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.funded()
            let dispute = try await world.dispute(deal)
            #expect(try await world.checkout(deal).isFrozen)
            #expect(try await world.openCases() == [.disputed])
            #expect(try await world.escrowed(deal) == 0)
            try await world.expectAgreement()
            await #expect(throws: CheckoutError.frozen) { _ = try await world.refund(deal) }
            await #expect(throws: CheckoutError.frozen) { _ = try await world.release(deal) }
            try await world.decide(dispute, "won")
            #expect(try await world.openCases().isEmpty)
            #expect(try await world.refund(deal).state == .refunded)
            #expect(try await world.wallet(deal.client) == 90_000)
            try await world.expectAgreement()
        }
    }

    @Test func `a dispute that nobody told of is seen before the money moves`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.funded()
            try await world.stripe.tell("stripe/disputes", ["payment_intent": world.intent(deal)])
            await #expect(throws: CheckoutError.frozen) { _ = try await world.refund(deal) }
            #expect(try await world.wallet(deal.client) == 0)
            try await world.expectAgreement()
        }
    }

    @Test func `a lost dispute leaves the contract without money, and canceling it divides nothing`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.funded(PaidContract(status: .ongoing))
            let dispute = try await world.dispute(deal)
            try await world.decide(dispute, "lost")
            #expect(try await Set(world.openCases()) == [.disputed, .contractUnpaid])
            let refunded = try await world.refund(deal)
            #expect(refunded.state == .refunded && refunded.division?.shares.whole.isZero == true)
            #expect(try await world.wallet(deal.client) + world.wallet(deal.freelancer) == 0)
            #expect(try await world.openCases() == [.disputed])
            try await world.expectAgreement()
        }
    }

    @Test func `a chargeback after the release reaches the freelancer's wallet and the fee`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.released()
            let dispute = try await world.dispute(deal)
            #expect(try await world.wallet(deal.freelancer) == 0)
            #expect(try await world.balance(.revenue(.inr)) == 0)
            try await world.expectAgreement()
            try await world.decide(dispute, "won")
            #expect(try await world.wallet(deal.freelancer) == 90_000)
            #expect(try await world.balance(.revenue(.inr)) == 10_000)
            try await world.expectAgreement()
            // Both parties hear of either.
            #expect(
                try await world.announced(of: world.checkout(deal).id.uuid)
                    == ["contract.money_changed", "contract.money_changed"])
        }
    }

    @Test func `a chargeback after a refund takes the client's wallet first`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.funded(PaidContract(status: .ongoing))
            _ = try await world.refund(deal)
            try await world.stripe.tell(
                "stripe/disputes", ["payment_intent": world.intent(deal), "amount": 60_000])
            try await world.hear()
            // 540 of the client's, then 60 of the freelancer's.
            #expect(try await world.wallet(deal.client) == 0)
            #expect(try await world.wallet(deal.freelancer) == 30_000)
            #expect(try await world.balance(.revenue(.inr)) == 10_000)
            #expect(try await world.balance(.loss(.inr)) == 0)
            try await world.expectAgreement()
        }
    }

    @Test func `what a wallet does not have any more is owed by its owner, and a case`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.released()
            try await world.payOut(50_000, to: deal.freelancer)
            let dispute = try await world.dispute(deal)
            #expect(try await world.wallet(deal.freelancer) == 0)
            #expect(try await world.owed(deal.freelancer) == 50_000)
            #expect(try await world.balance(.loss(.inr)) == 0)
            #expect(try await Set(world.openCases()) == [.disputed, .owedByWallet])
            try await world.expectAgreement()
            try await world.decide(dispute, "won")
            #expect(try await world.wallet(deal.freelancer) == 40_000)
            #expect(try await world.owed(deal.freelancer) == 0)
            #expect(try await world.openCases().isEmpty)
        }
    }

    @Test func `a part that was refunded in the dashboard is missing in the division and in the fee`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.funded()
            try await world.stripe.tell("stripe/refunds", ["payment_intent": world.intent(deal), "amount": 40_000])
            world.peers.change(deal.id, status: .completed, release: .requested)
            _ = try await world.release(deal)
            #expect(try await world.wallet(deal.freelancer) == 54_000)
            #expect(try await world.balance(.revenue(.inr)) == 6_000)
            try await world.hear()
            try await world.expectAgreement()
        }
    }

    @Test func `a refund in the dashboard after the release is taken from the wallet, and comes back when it fails`()
        async throws
    {
        try await OutsideWorld.use { world in
            let deal = try await world.released()
            let refund = try await world.stripe.tell(
                "stripe/refunds", ["payment_intent": world.intent(deal), "amount": 40_000])
            try await world.hear()
            #expect(try await world.wallet(deal.freelancer) == 54_000)
            let now = try await world.checkout(deal)
            let record = now.record(try #require(now.deal), world.checkouts.shares(of: now))
            // What admins see adds up, each payment and each month.
            #expect(record.platformFee.paise == 6_000 && record.freelancerEarning.paise == 54_000)
            #expect(record.cardRefund.paise == 40_000 && record.grossAmount.paise == 100_000)
            let month = try #require(try await world.features.reports.months().first)
            #expect(month.gross.minorUnits == 60_000 && month.gross == month.fees + month.earnings)
            try await world.expectAgreement()
            try await world.fail(refund: refund["id"]?.string ?? "")
            #expect(try await world.wallet(deal.freelancer) == 90_000)
            #expect(try await world.checkout(deal).division?.shares.fee.minorUnits == 10_000)
            #expect(try await world.checkout(deal).rest.minorUnits == 100_000)
            try await world.expectAgreement()
        }
    }

    @Test func `a payment that is disputed at once is seen, whichever event comes first`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.opened()
            try await world.stripe.pay(
                world.checkout(deal).sessionID, [("payment_method", "pm_card_createDispute")])
            try await world.hear { $0.hasPrefix("charge.dispute.") }
            let checkout = try await world.checkout(deal)
            #expect(checkout.state == .funded && checkout.isFrozen)
            try await world.expectAgreement()
        }
    }
}
