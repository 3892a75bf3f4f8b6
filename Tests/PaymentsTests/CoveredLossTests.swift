import Foundation
import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: what left beyond a deal's money and was covered by what came back is counted once more when that comes
/// back, too. Nothing in escrow is nobody's, and no follow of a payment is stuck.
///
/// The disputes are booked by hand where Stripe's rules would not allow them: a bank that follows other rules does.
@Suite struct CoveredLossTests {
    private func refund(_ payment: JSONValue, _ amount: Int64, in world: OutsideWorld) async throws -> String {
        let made = try await world.stripe.tell(
            "stripe/refunds", ["payment_intent": payment, "amount": .integer(amount)])
        try await world.hear()
        return try #require(made["id"]?.string)
    }

    private func book(
        _ deal: Deal, in world: OutsideWorld,
        _ change: (WithdrawalBook, inout Escrow, Transaction) async throws -> Void
    ) async throws {
        try await world.database.transaction { tx in
            var escrow = try #require(try await EscrowStore().lock(deal.milestone, in: tx))
            try await change(WithdrawalBook(book: world.escrows.book), &escrow, tx)
            try await world.escrows.book.save(&escrow, in: tx)
        }
    }

    private func book(
        _ deal: PaidContract, in world: OutsideWorld,
        _ change: (CheckoutWithdrawalBook, inout Checkout, Transaction) async throws -> Void
    ) async throws {
        let id = try await world.checkout(deal).id
        try await world.database.transaction { tx in
            var checkout = try #require(try await CheckoutStore().lock(id, in: tx))
            try await change(CheckoutWithdrawalBook(book: world.checkouts.mover.book), &checkout, tx)
            try await world.checkouts.mover.book.save(&checkout, in: tx)
        }
    }

    /// A bank takes this much, whatever was refunded before.
    private func dispute(_ deal: Deal, _ amount: Int64, in world: OutsideWorld) async throws {
        try await book(deal, in: world) { book, escrow, tx in
            let payment = try #require(escrow.paymentIntentID)
            try await book.take(
                Withdrawal(Self.dispute(amount), of: .milestone(deal.milestone), payment, .usd), from: &escrow, in: tx)
        }
    }

    private static func dispute(_ amount: Int64) throws -> StripeDispute {
        try #require(StripeDispute(["id": "dp_1", "amount": .integer(amount), "status": "needs_response"]))
    }

    private func known(in tx: Transaction) async throws -> Withdrawal {
        try #require(try await WithdrawalStore().find("dp_1", in: tx))
    }

    private func cases(in world: OutsideWorld) async throws -> [EscrowCase] {
        try await world.features.cases.page(isOpen: true, after: nil, limit: 50).items
    }

    private func payBack(in world: OutsideWorld) async throws {
        let known = try #require(try await cases(in: world).first { $0.kind == .refundFailed })
        _ = try await world.features.resolutions.resolve(
            known.id, by: .payBack, because: "We looked.", admin: .make(at: .start))
    }

    @Test func `a milestone that was restored has all that comes back of its payment`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            let payment = try await world.payment(of: deal)
            let made = try await world.stripe.tell("stripe/disputes", ["payment_intent": payment, "amount": 5_001])
            try await world.hear()
            let first = try await refund(payment, 3_000, in: world)
            let second = try await refund(payment, 1_000, in: world)
            let third = try await refund(payment, 3_000, in: world)
            #expect(try await world.balance(.loss(.usd)) == -2_000)
            try await world.stripe.tell("stripe/disputes/\(#require(made["id"]?.string))", ["outcome": "lost"])
            try await world.hear()
            #expect(try await world.escrow(deal).state == .unfunded)
            for (failed, rest) in [(first, 1_000), (second, 2_000), (third, 5_000)] as [(String, Int64)] {
                try await world.fail(refund: failed)
                #expect(try await world.escrow(deal).state == .escrowed)
                #expect(try await world.escrow(deal).rest == .usd(cents: rest))
                #expect(try await world.balance(.escrow(deal.milestone, .usd)) == rest)
                #expect(try await world.balance(.loss(.usd)) == 0)
                try await world.expectAgreement()
            }
        }
    }

    @Test func `a dispute and a refund that were both booked whole leave nothing, and no less`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.paid()
            let payment = try await world.payment(of: deal)
            let made = try await world.stripe.tell("stripe/disputes", ["payment_intent": payment])
            try await world.hear()
            _ = try await refund(payment, 10_001, in: world)
            // As it was booked before the excess was told apart.
            try await world.database.transaction { tx in
                try await tx.execute("UPDATE withdrawals SET excess_minor = 0")
                try await tx.execute("UPDATE escrows SET returned_minor = amount_minor, fee_minor = 0")
            }
            try await world.stripe.tell("stripe/disputes/\(#require(made["id"]?.string))", ["outcome": "lost"])
            try await world.hear()
            let escrow = try await world.escrow(deal)
            #expect(escrow.rest == .usd(cents: 0) && !escrow.isFrozen)
            try await world.expectAgreement()
        }
    }

    @Test func `what a failed refund covered of a dispute that is won is the client's`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            let payment = try await world.payment(of: deal)
            let failed = try await refund(payment, 6_000, in: world)
            _ = try await world.escrows.release(deal.milestone)
            try await dispute(deal, 10_001, in: world)
            #expect(try await world.balance(.loss(.usd)) == -6_000)
            try await world.fail(refund: failed)
            #expect(try await world.balance(.loss(.usd)) == 0)
            #expect(try await world.openCases().isEmpty)
            try await book(deal, in: world) { book, escrow, tx in
                try await book.undo(known(in: tx), &escrow, in: tx)
            }
            #expect(try await cases(in: world).map(\.kind) == [.refundFailed])
            #expect(try await cases(in: world).first?.subject == failed)
            try await payBack(in: world)
            #expect(try await world.stripe.list("refunds").first?["amount"] == 6_000)
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 0)
            #expect(try await world.balance(.payable(deal.worker, .usd)) == 3_801)
            try await world.expectAgreement()
        }
    }

    @Test func `what a failed refund did not cover is paid back, and the rest when its dispute is won`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            let failed = try await refund(world.payment(of: deal), 6_000, in: world)
            _ = try await world.escrows.release(deal.milestone)
            try await dispute(deal, 5_001, in: world)
            try await world.fail(refund: failed)
            #expect(try await cases(in: world).map(\.amount) == [.usd(cents: 5_000)])
            try await payBack(in: world)
            #expect(try await world.stripe.list("refunds").first?["amount"] == 5_000)
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 0)
            #expect(try await world.openCases().isEmpty)
            try await book(deal, in: world) { book, escrow, tx in
                try await book.undo(known(in: tx), &escrow, in: tx)
            }
            #expect(try await cases(in: world).map(\.amount) == [.usd(cents: 1_000)])
            try await payBack(in: world)
            #expect(try await world.stripe.list("refunds").first?["amount"] == 1_000)
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 0)
            #expect(try await world.balance(.loss(.usd)) == 0)
            try await world.expectAgreement()
        }
    }

    @Test func `what a failed refund covered of a dispute of a contract that is won is the client's`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.funded()
            let failed = try await refund(world.intent(deal), 60_000, in: world)
            world.peers.change(deal.id, status: .completed, release: .requested)
            _ = try await world.release(deal)
            try await book(deal, in: world) { book, checkout, tx in
                let payment = try #require(checkout.payment?.intentID)
                try await book.take(
                    Withdrawal(Self.dispute(100_000), of: .checkout(checkout.id), payment, .inr), from: &checkout,
                    in: tx)
            }
            #expect(try await world.balance(.loss(.inr)) == -60_000)
            try await world.fail(refund: failed)
            #expect(try await world.balance(.loss(.inr)) == 0)
            #expect(try await world.openCases().isEmpty)
            try await book(deal, in: world) { book, checkout, tx in
                try await book.undo(known(in: tx), &checkout, in: tx)
            }
            #expect(try await cases(in: world).map(\.subject) == [failed])
            #expect(try await cases(in: world).first?.amount == Money(minorUnits: 60_000, currency: .inr))
            #expect(try await world.wallet(deal.freelancer) == 36_000)
            #expect(try await world.escrowed(deal) == 60_000)
            try await payBack(in: world)
            #expect(try await world.stripe.list("refunds").first?["amount"] == 60_000)
            #expect(try await world.escrowed(deal) == 0)
            #expect(try await world.openCases().isEmpty)
            try await world.expectAgreement()
        }
    }

    @Test(arguments: [false, true])
    func `what a paid worker owes more when a failed refund covers a dispute is taken back, or a case`(isLate: Bool)
        async throws
    {
        try await OutsideWorld.use { world in
            let deal = try await world.paid()
            let failed = try await refund(world.payment(of: deal), 6_000, in: world)
            try await dispute(deal, 10_001, in: world)
            if !isLate { try await world.features.reversals.reverse(for: "dp_1") }
            try await world.fail(refund: failed)
            #expect(try await world.isScheduled(ReverseTransfer.kind, "dp_1"))
            for _ in 1...2 { try await world.features.reversals.reverse(for: "dp_1") }
            let taken: Int64 = isLate ? 9_501 : 3_801
            #expect(try await world.stripe.list("transfers").first?["amount_reversed"] == .integer(taken))
            #expect(try await world.balance(.receivable(deal.worker, .usd)) == taken - 9_501)
            let open = try await cases(in: world)
            #expect(open.map(\.kind) == (isLate ? [] : [.owedByWorker]))
            #expect(open.map(\.amount) == (isLate ? [] : [.usd(cents: 5_700)]))
            #expect(try await world.balance(.loss(.usd)) == 0)
        }
    }

    @Test(arguments: [false, true])
    func `a payment that no contract takes goes back only after its dispute is decided`(isWon: Bool) async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.opened()
            world.peers.change(deal.id, status: .canceled)
            try await world.stripe.pay(world.checkout(deal).sessionID)
            try await world.hear()
            let failed = try await world.newestRefund()
            try await book(deal, in: world) { book, checkout, tx in
                let payment = try #require(checkout.payment?.intentID)
                try await book.take(
                    Withdrawal(Self.dispute(100_000), of: .checkout(checkout.id), payment, .inr), from: &checkout,
                    in: tx)
            }
            #expect(try await world.balance(.loss(.inr)) == -100_000)
            try await world.fail(refund: failed)
            var checkout = try await world.checkout(deal)
            #expect(checkout.state == .returning && checkout.moving == nil && checkout.isFrozen)
            #expect(try await world.balance(.loss(.inr)) == 0)
            try await book(deal, in: world) { book, checkout, tx in
                if isWon {
                    try await book.undo(known(in: tx), &checkout, in: tx)
                } else {
                    try await book.lose(known(in: tx), &checkout, in: tx)
                }
            }
            if isWon { try await world.checkouts.resume(#require(world.checkout(deal).moving)) }
            checkout = try await world.checkout(deal)
            #expect(checkout.state == .returned && checkout.moving == nil && !checkout.isFrozen)
            #expect(try await world.stripe.list("refunds").count == (isWon ? 2 : 1))
            #expect(try await world.escrowed(deal) == 0)
            #expect(try await world.balance(.loss(.inr)) == 0)
            #expect(try await world.openCases().isEmpty)
        }
    }

    @Test func `a part that comes back after the transfer did is paid out with the rest`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.paid()
            let payment = try await world.payment(of: deal)
            let refunds = try await [refund(payment, 1_000, in: world), refund(payment, 1_000, in: world)]
            let transfer = try #require(try await world.escrow(deal).transferID)
            try await world.stripe.tell("stripe/reversals", ["transfer": .string(transfer)])
            try await world.hear()
            for failed in refunds {
                try await world.fail(refund: failed)
                #expect(try await world.escrow(deal).state == .released)
                #expect(
                    try await world.balance(.payable(deal.worker, .usd)) == world.escrow(deal).earning?.minorUnits)
            }
            try await world.escrows.payOut(deal.milestone)
            #expect(try await world.stripe.list("transfers").first?["amount"] == 9_501)
            #expect(try await world.balance(.receivable(deal.worker, .usd)) == 0)
            try await world.expectAgreement()
        }
    }

    /// Makes what was booked look as if it had been booked before the excess was told apart, and migrates it.
    private func migrate(_ changes: [SQL], in world: OutsideWorld) async throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Services/Payments/Migrations/0020_count_excess_once.sql")
        let script = try String(contentsOf: file, encoding: .utf8)
        try await world.database.transaction { tx in
            try await tx.execute("UPDATE withdrawals SET created_at = created_at - interval '50 years'")
            for change in changes { try await tx.execute(change) }
            try await tx.script(script, within: .seconds(60))
        }
    }

    @Test func `what was booked of a milestone before counts the excess once after the migration`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            let payment = try await world.payment(of: deal)
            try await world.stripe.tell("stripe/disputes", ["payment_intent": payment, "amount": 6_000])
            try await world.hear()
            let failed = try await refund(payment, 7_000, in: world)
            try await migrate(["UPDATE escrows SET returned_minor = 7000"], in: world)
            #expect(try await world.escrow(deal).returned == .usd(cents: 4_001))
            try await world.fail(refund: failed)
            #expect(try await world.escrow(deal).returned == .usd(cents: 0))
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 4_001)
            #expect(try await world.balance(.loss(.usd)) == 0)
        }
    }

    @Test func `what was booked of a contract before is covered after the migration`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.funded()
            let payment = try await world.intent(deal)
            let made = try await world.stripe.tell("stripe/disputes", ["payment_intent": payment])
            try await world.hear()
            _ = try await refund(payment, 100_000, in: world)
            try await migrate(
                ["UPDATE withdrawals SET excess_minor = 0", "UPDATE checkouts SET returned_minor = 100000"], in: world)
            #expect(try await world.checkout(deal).rest.minorUnits == 100_000)
            try await world.stripe.tell("stripe/disputes/\(#require(made["id"]?.string))", ["outcome": "won"])
            try await world.hear()
            #expect(try await world.balance(.loss(.inr)) == 0)
            #expect(try await world.escrowed(deal) == 0)
            #expect(try await world.checkout(deal).rest.isZero)
            try await world.expectAgreement()
        }
    }

    @Test func `a milestone whose payment is gone is not frozen after the migration`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.held()
            _ = try await world.escrows.cancel(deal.milestone)
            try await migrate(["UPDATE escrows SET is_frozen = true"], in: world)
            #expect(try await !world.escrow(deal).isFrozen)
        }
    }
}
