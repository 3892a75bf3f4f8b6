import Postgres
import ServiceKit
import SharedModels
import Testing

@testable import PaymentsService

/// The promise under test: money that others give back is never paid to the worker as well, and one that comes back is
/// offered again.
@Suite struct OutsideRefundTests {
    @Test func `a refund in the dashboard is followed, and the release finds nothing`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            try await world.stripe.tell("stripe/refunds", ["payment_intent": world.payment(of: deal)])
            // Without an event: the release looks first.
            await #expect(throws: EscrowError.illegalMove(.init(.unfunded, .release))) {
                _ = try await world.escrows.release(deal.milestone)
            }
            #expect(try await world.escrow(deal).state == .unfunded)
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 0)
            try await world.expectAgreement()
            try await world.hear()
            #expect(
                try await world.announced(of: deal.milestone.uuid) == [
                    "escrow.funded", "contract.milestone.money_changed", "escrow.lapsed",
                ])
        }
    }

    @Test func `a part that was given back is missing in the release and in the fee`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            try await world.stripe.tell(
                "stripe/refunds", ["payment_intent": world.payment(of: deal), "amount": 4_001])
            try await world.hear()
            try await world.hear()
            let released = try await world.escrows.release(deal.milestone)
            #expect(released.returned == .usd(cents: 4_001))
            #expect(released.release?.fee == .usd(cents: 300) && released.earning == .usd(cents: 5_700))
            try await world.onboard(deal.worker)
            try await world.escrows.payOut(deal.milestone)
            let transfer = try #require(try await world.stripe.list("transfers").first)
            #expect(transfer["amount"] == 5_700)
            let charge = try await world.stripe.list("charges").first
            #expect(transfer["source_transaction"] == charge?["id"])
            try await world.expectAgreement()
        }
    }

    @Test func `a refund after the release takes the worker's part and the fee with it`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            _ = try await world.escrows.release(deal.milestone)
            try await world.onboard(deal.worker)
            try await world.stripe.tell(
                "stripe/refunds", ["payment_intent": world.payment(of: deal), "amount": 4_001])
            try await world.escrows.payOut(deal.milestone)
            #expect(try await world.stripe.list("transfers").map { $0["amount"] } == [5_700])
            #expect(try await world.balance(.payable(deal.worker, .usd)) == 0)
            #expect(try await world.balance(.revenue(.usd)) == 300)
            try await world.expectAgreement()
        }
    }

    @Test func `a refund of all of it after the release leaves nothing to pay out`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            _ = try await world.escrows.release(deal.milestone)
            try await world.onboard(deal.worker)
            try await world.stripe.tell("stripe/refunds", ["payment_intent": world.payment(of: deal)])
            try await world.hear()
            try await world.escrows.payOut(deal.milestone)
            #expect(try await world.stripe.list("transfers").isEmpty)
            #expect(try await world.escrows.blockers(of: deal.worker).isEmpty)
            #expect(try await world.balance(.revenue(.usd)) == 0)
            try await world.expectAgreement()
        }
    }

    @Test func `a refund after the payout is told, and a release tells whose the money is then`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.paid()
            func refund(_ amount: JSONValue) async throws {
                try await world.stripe.tell(
                    "stripe/refunds", ["payment_intent": world.payment(of: deal), "amount": amount])
                try await world.hear()
            }
            try await refund(4_001)
            var now = try await world.escrows.release(deal.milestone)
            #expect(now.state == .paid && now.returned == .usd(cents: 4_001))
            #expect(now.release?.fee == .usd(cents: 300) && now.earning == .usd(cents: 5_700))
            // The worker has what was paid out, and owes the part.
            #expect(try await world.balance(.receivable(deal.worker, .usd)) == 5_700 - 9_501)
            try await refund(6_000)
            now = try await world.escrows.release(deal.milestone)
            #expect(now.state == .paid && now.rest.isZero && now.earning?.isZero == true)
            let told = try await world.announced(of: deal.milestone.uuid).suffix(2)
            #expect(told == ["contract.milestone.money_changed", "contract.milestone.money_changed"])
            try await world.expectAgreement()
        }
    }

    @Test func `a pending refund whose money has left is in the books at once, and is no drift`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            try await world.stripe.tell("stripe/settings", ["refunds": "pending"])
            #expect(try await world.escrows.cancel(deal.milestone).state == .unfunded)
            #expect(try await world.balance(.refunding(deal.milestone, .usd)) == 0)
            try await world.expectAgreement()
            for _ in 0..<3 { try await world.features.reconciler.run() }
            #expect(try await world.openCases().isEmpty)
            let refund = try await world.newestRefund()
            try await world.stripe.tell("stripe/refunds/\(refund)", ["status": "succeeded"])
            try await world.hear()
            #expect(try await world.balance(.refunding(deal.milestone, .usd)) == 0)
            try await world.expectAgreement()
        }
    }

    @Test func `a pending refund whose money Stripe still has is on its way until it leaves`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            let payment = try #require(try await world.escrow(deal).paymentIntentID)
            let book = WithdrawalBook(book: world.escrows.mover.book)
            func refund(_ status: String, _ transaction: JSONValue) throws -> StripeRefund {
                try #require(
                    StripeRefund([
                        "id": "re_late", "amount": 4_000, "status": .string(status),
                        "balance_transaction": transaction,
                    ]))
            }
            let late = Withdrawal(
                try refund("pending", .null), of: .milestone(deal.milestone), payment, .usd, by: nil)
            try await world.database.transaction { tx in
                guard var escrow = try await book.book.escrows.lock(deal.milestone, in: tx) else { return }
                try await book.take(late, from: &escrow, in: tx)
                try await book.book.save(&escrow, in: tx)
            }
            #expect(try await world.balance(.refunding(deal.milestone, .usd)) == 4_000)
            let before = try await world.balance(.provider(.usd))
            for status in ["pending", "succeeded", "succeeded"] {
                let seen = try refund(status, "txn_1")
                try await world.database.transaction { tx in try await book.follow(seen, of: late, in: tx) }
                #expect(try await world.balance(.refunding(deal.milestone, .usd)) == 0)
                #expect(try await world.balance(.provider(.usd)) == before + 4_000)
            }
            let known = try await WithdrawalStore().find("re_late", in: world.database)
            #expect(known?.state == .final)
        }
    }

    @Test(arguments: ["pending", "succeeded"])
    func `a refund that fails is in escrow again, and is offered again, once`(status: String) async throws {
        try await OutsideWorld.use { (world) async throws in
            let deal = try await world.escrowed()
            try await world.stripe.tell("stripe/settings", ["refunds": .string(status)])
            for round in 1...2 {
                _ = try await world.escrows.cancel(deal.milestone)
                try await world.hear()
                let refund = try await world.newestRefund()
                try await world.fail(refund: refund)
                #expect(try await world.escrow(deal).state == .escrowed)
                #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 10_001)
                #expect(try await world.balance(.refunding(deal.milestone, .usd)) == 0)
                // The second time contracts is not asked again; somebody must find another way.
                #expect(try await world.openCases() == (round == 1 ? [] : [.refundFailed]))
                try await world.expectAgreement()
            }
            let funded = try await world.announced(of: deal.milestone.uuid).filter { $0 == "escrow.funded" }
            #expect(funded.count == 2)
        }
    }

    @Test func `a part whose refund fails after the release is owed to the client, and a case`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            _ = try await world.escrows.settle(deal.milestone, workersShare: .usd(cents: 6_000))
            let refund = try await world.newestRefund()
            try await world.fail(refund: refund)
            #expect(try await world.openCases() == [.refundFailed])
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 4_001)
            #expect(try await world.escrow(deal).earning == .usd(cents: 5_700))
            try await world.expectAgreement()
        }
    }

    @Test func `a capture of less than was held is the deal's money, and a case`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.held()
            try await world.stripe.tell(
                "stripe/captures", ["payment_intent": world.payment(of: deal), "amount": 6_000])
            try await world.hear()
            #expect(try await world.escrow(deal).state == .escrowed)
            #expect(try await world.escrow(deal).rest == .usd(cents: 6_000))
            #expect(try await world.openCases() == [.otherAmount])
            #expect(try await world.escrows.release(deal.milestone).earning == .usd(cents: 5_700))
            try await world.expectAgreement()
        }
    }

    @Test func `a split that is asked for again after a refund of others is carried out already`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            let share = Money.usd(cents: 6_000)
            _ = try await world.escrows.settle(deal.milestone, workersShare: share)
            try await world.stripe.tell(
                "stripe/refunds", ["payment_intent": world.payment(of: deal), "amount": 1_000])
            try await world.hear()
            let again = try await world.escrows.settle(deal.milestone, workersShare: share)
            #expect(again.state == .released && again.returned == .usd(cents: 5_001))
            #expect(try await world.stripe.list("refunds").count == 2)
            await #expect(throws: EscrowError.amountIsSettled(deal.milestone)) {
                _ = try await world.escrows.settle(deal.milestone, workersShare: .usd(cents: 5_000))
            }
            try await world.expectAgreement()
        }
    }

    @Test func `a decision for the worker that finds a smaller capture releases that`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.held()
            try await world.stripe.tell(
                "stripe/captures", ["payment_intent": world.payment(of: deal), "amount": 6_000])
            let settled = try await world.escrows.settle(deal.milestone, workersShare: .usd(cents: 10_001))
            #expect(settled.state == .released && settled.earning == .usd(cents: 5_700))
            try await world.expectAgreement()
        }
    }

    @Test func `a release that finds a smaller capture releases that`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.held()
            try await world.stripe.tell(
                "stripe/captures", ["payment_intent": world.payment(of: deal), "amount": 6_000])
            let released = try await world.escrows.release(deal.milestone)
            #expect(released.state == .released && released.earning == .usd(cents: 5_700))
            try await world.expectAgreement()
        }
    }

    @Test func `a payment that others captured before we knew of its hold is in escrow`() async throws {
        try await OutsideWorld.use { world in
            let deal = Deal()
            let intent = try #require(try await world.escrows.fund(deal.milestone, deal.input).paymentIntentID)
            try await world.stripe.confirm(intent)
            try await world.stripe.tell("stripe/captures", ["payment_intent": .string(intent)])
            try await world.hear { $0 == "payment_intent.succeeded" }
            #expect(try await world.escrow(deal).state == .escrowed)
            #expect(try await world.announced(of: deal.milestone.uuid) == ["escrow.funded"])
            try await world.expectAgreement()
        }
    }
}
