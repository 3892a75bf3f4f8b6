import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: money is known by the payment and the action that it came with, never by what an account happens
/// to hold. So what one payment owes is never paid with another one's money.
@Suite struct PayBackTests {
    private let admin = AccountID.make(at: .start)

    private func resolve(_ known: EscrowCase, in world: OutsideWorld) async throws {
        _ = try await world.features.resolutions.resolve(known.id, by: .payBack, because: "We looked.", admin: admin)
    }

    private func cases(in world: OutsideWorld, isOpen: Bool = true) async throws -> [EscrowCase] {
        try await world.features.cases.page(isOpen: isOpen, after: nil, limit: 50).items
    }

    /// A deal that was paid, given back, and paid again, and then its first refund failed.
    private func paidAgain(in world: OutsideWorld) async throws -> (deal: Deal, first: String) {
        let deal = try await world.escrowed()
        let first = try #require(try await world.escrow(deal).paymentIntentID)
        _ = try await world.escrows.cancel(deal.milestone)
        try await world.hear()
        let refund = try await world.newestRefund()
        _ = try await world.escrowed(deal)
        try await world.fail(refund: refund)
        #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 20_002)
        return (deal, first)
    }

    @Test func `a refund of the present payment that fails restores that payment alone`() async throws {
        try await OutsideWorld.use { world in
            let (deal, first) = try await paidAgain(in: world)
            let second = try #require(try await world.escrow(deal).paymentIntentID)
            _ = try await world.escrows.cancel(deal.milestone)
            try await world.fail(refund: world.newestRefund())
            let restored = try await world.escrow(deal)
            #expect(restored.state == .escrowed && restored.paymentIntentID == second)
            #expect(restored.rest == .usd(cents: 10_001) && restored.amount == .usd(cents: 10_001))
            #expect(try await world.escrows.release(deal.milestone).earning == .usd(cents: 9_501))
            // The first payment is owed to the client as before, and is what the admin pays back.
            try await resolve(#require(cases(in: world).first), in: world)
            #expect(try await world.stripe.list("refunds").first?["payment_intent"]?.string == first)
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 0)
            #expect(try await world.balance(.loss(.usd)) == 0)
            try await world.expectAgreement()
        }
    }

    @Test func `what leaves of the present payment takes nothing that is owed for an earlier one`() async throws {
        try await OutsideWorld.use { world in
            let (deal, _) = try await paidAgain(in: world)
            // A bank takes a part of the payment, and somebody refunds the whole.
            try await world.stripe.tell(
                "stripe/disputes", ["payment_intent": world.payment(of: deal), "amount": 6_000])
            try await world.hear()
            try await world.stripe.tell("stripe/refunds", ["payment_intent": world.payment(of: deal)])
            try await world.hear()
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 10_001)
            #expect(try await world.balance(.loss(.usd)) == -6_000)
            try await world.expectAgreement()
        }
    }

    @Test func `a part of the present payment that is paid back is not taken from what an earlier one is owed`()
        async throws
    {
        try await OutsideWorld.use { world in
            let (deal, first) = try await paidAgain(in: world)
            let known = try #require(try await cases(in: world).first)
            // Stripe's dashboard lets an admin refund another payment with the same words in its metadata.
            _ = try await world.stripe.post(
                "v1/refunds",
                [
                    ("payment_intent", world.payment(of: deal).string ?? ""), ("amount", "4001"),
                    ("metadata[action]", PayBack.key(of: known.id)),
                ])
            try await world.hear()
            #expect(try await world.escrow(deal).rest == .usd(cents: 6_000))
            try await resolve(known, in: world)
            let newest = try #require(try await world.stripe.list("refunds").first)
            #expect(newest["payment_intent"]?.string == first && newest["amount"] == 10_001)
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 6_000)
            #expect(try await world.balance(.loss(.usd)) == 0)
            try await world.expectAgreement()
        }
    }

    @Test func `a refund for a case of more than failed takes no other payment's money`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            let first = try #require(try await world.escrow(deal).paymentIntentID)
            try await world.stripe.tell("stripe/refunds", ["payment_intent": .string(first), "amount": 4_001])
            try await world.hear()
            let part = try await world.newestRefund()
            try await world.stripe.tell("stripe/refunds", ["payment_intent": .string(first)])
            try await world.hear()
            _ = try await world.escrowed(deal)
            try await world.fail(refund: part)
            let known = try #require(try await cases(in: world).first)
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 14_002)
            // The other part fails as well, and then somebody refunds both under the case of one.
            let other = try #require(
                try await world.stripe.list("refunds").first { $0["amount"] == 6_000 }?["id"]?.string)
            try await world.fail(refund: other)
            _ = try await world.stripe.post(
                "v1/refunds",
                [
                    ("payment_intent", first), ("amount", "10001"),
                    ("metadata[action]", PayBack.key(of: known.id)),
                ])
            try await world.hear()
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 10_001 + 6_000)
            #expect(try await world.balance(.loss(.usd)) == -6_000)
            #expect(try await world.escrows.release(deal.milestone).earning == .usd(cents: 9_501))
            try await world.expectAgreement()
        }
    }

    @Test func `what failed to go back before is the deal's again with the rest, and no case any more`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            let first = try #require(try await world.escrow(deal).paymentIntentID)
            try await world.stripe.tell("stripe/refunds", ["payment_intent": .string(first), "amount": 4_001])
            try await world.hear()
            let part = try await world.newestRefund()
            try await world.stripe.tell("stripe/refunds", ["payment_intent": .string(first)])
            try await world.hear()
            let rest = try await world.newestRefund()
            // It is to be paid for again, and that is given up.
            _ = try await world.escrows.fund(deal.milestone, deal.input)
            try await world.fail(refund: part)
            #expect(try await world.openCases() == [.refundFailed])
            let known = try #require(try await cases(in: world).first)
            _ = try await world.escrows.cancel(deal.milestone)
            try await world.hear()
            try await world.fail(refund: rest)
            let restored = try await world.escrow(deal)
            #expect(restored.state == .escrowed && restored.paymentIntentID == first)
            #expect(restored.rest == .usd(cents: 10_001))
            await #expect(throws: CaseError.closed) { try await resolve(known, in: world) }
            try await resolve(#require(cases(in: world).first), in: world)
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 0)
            #expect(try await world.openCases().isEmpty)
            try await world.expectAgreement()
        }
    }

    @Test func `a payment of a deal that costs less by now is not the deal's again`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            _ = try await world.escrows.cancel(deal.milestone)
            try await world.hear()
            _ = try await world.escrows.fund(deal.milestone, deal.with(amount: 5_000))
            _ = try await world.escrows.cancel(deal.milestone)
            try await world.hear()
            try await world.fail(refund: world.newestRefund())
            #expect(try await world.escrow(deal).state == .unfunded)
            try await resolve(#require(cases(in: world).first), in: world)
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 0)
            #expect(try await world.openCases().isEmpty)
            try await world.expectAgreement()
        }
    }

    @Test func `what a deal has released meanwhile is not paid back as well`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            for _ in 0..<2 {
                _ = try await world.escrows.cancel(deal.milestone)
                try await world.hear()
                try await world.fail(refund: world.newestRefund())
            }
            let known = try #require(try await cases(in: world).first)
            // The parties have come to terms after all.
            _ = try await world.escrows.settle(deal.milestone, workersShare: .usd(cents: 4_000))
            try await world.hear()
            try await world.stripe.advance(seconds: 60)
            await #expect(throws: CaseError.nothingToDo) { try await resolve(known, in: world) }
            #expect(try await world.stripe.list("refunds").filter { $0["status"] != "failed" }.count == 1)
            #expect(try await world.balance(.loss(.usd)) == 0)
            try await world.expectAgreement()
        }
    }

    /// How a refund for a case ends before the admin asks again.
    enum Failure: CaseIterable {
        /// Its end is the first that we hear of it.
        case unseen
        /// We have booked it, and not heard of its end.
        case booked
        /// We have booked its end.
        case heard
    }

    @Test(arguments: Failure.allCases)
    func `a refund for a case that failed is followed by another one, once`(failure: Failure) async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            _ = try await world.escrows.settle(deal.milestone, workersShare: .usd(cents: 6_000))
            try await world.fail(refund: world.newestRefund())
            let known = try #require(try await cases(in: world).first)
            // An earlier try of the admin's was broken off after Stripe's answer.
            let made = try await world.stripe.post(
                "v1/refunds",
                [
                    ("payment_intent", world.payment(of: deal).string ?? ""), ("amount", "4001"),
                    ("metadata[action]", PayBack.key(of: known.id)),
                ])
            let refund = try #require(made.answer["id"]?.string)
            if failure != .unseen { try await world.hear() }
            try await world.stripe.tell("stripe/refunds/\(refund)", ["status": "failed"])
            if failure == .heard { try await world.hear() } else { _ = try await world.stripe.webhooks() }
            var open = known
            if failure != .unseen {
                // The failed one has a case of its own, and the old one is settled.
                await #expect(throws: CaseError.closed) { try await resolve(known, in: world) }
                let left = try await cases(in: world)
                #expect(left.map(\.subject) == [refund])
                open = try #require(left.first)
            }
            try await resolve(open, in: world)
            #expect(try await world.stripe.list("refunds").map { $0["status"] } == ["succeeded", "failed", "failed"])
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 0)
            #expect(try await world.balance(.payable(deal.worker, .usd)) == 5_700)
            #expect(try await world.openCases().isEmpty)
            try await world.expectAgreement()
        }
    }

    @Test func `a refund of ours that failed before we saw it is followed by another one`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            // It is made, and what came of it is lost.
            try await world.database.breakMoves(of: "escrows")
            await #expect(throws: (any Error).self) { _ = try await world.escrows.cancel(deal.milestone) }
            try await world.database.mendMoves(of: "escrows")
            try await world.stripe.tell("stripe/refunds/\(world.newestRefund())", ["status": "failed"])
            let moving = try #require(try await world.escrow(deal).moving)
            try await world.escrows.resume(moving)
            #expect(try await world.escrow(deal).state == .unfunded)
            #expect(try await world.stripe.list("refunds").map { $0["status"] } == ["succeeded", "failed"])
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 0)
            try await world.hear()
            try await world.expectAgreement()
        }
    }

    @Test func `a payment's return that failed before we saw it is followed by another one`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.opened()
            world.peers.change(deal.id, status: .canceled)
            try await world.stripe.pay(world.checkout(deal).sessionID)
            // Contracts turns it down, and of the refund nothing is stored.
            try await world.stripe.tell(
                "fail", ["target": "stripe", "path": "/v1/refunds", "calls": "write", "mode": "error", "times": 99])
            try await world.hear()
            try await world.stripe.tell("fail", ["target": "stripe", "times": 0])
            let key = try #require(try await world.checkout(deal).moving)
            _ = try await world.stripe.post(
                "v1/refunds",
                [("payment_intent", world.intent(deal).string ?? ""), ("metadata[action]", key)])
            try await world.stripe.tell("stripe/refunds/\(world.newestRefund())", ["status": "failed"])
            try await world.checkouts.resume(key)
            #expect(try await world.checkout(deal).state == .returned)
            #expect(try await world.openCases().isEmpty)
            #expect(try await world.stripe.list("refunds").map { $0["status"] } == ["succeeded", "failed"])
            try await world.expectAgreement()
        }
    }

    @Test func `a refund of a page that others made is repeated when it has failed`() async throws {
        try await OutsideWorld.use { world in
            try await world.payForeignPage()
            let known = try #require(try await cases(in: world).first)
            let session = try await world.stripe.get("checkout/sessions/\(known.subject)")
            for number in 1...2 {
                let refund = try await world.stripe.post(
                    "v1/refunds",
                    [
                        ("payment_intent", session["payment_intent"]?.string ?? ""),
                        (
                            "metadata[action]",
                            number == 1
                                ? PayBack.key(of: known.id)
                                : "\(PayBack.key(of: known.id)):\(world.newestRefund())"
                        ),
                    ])
                try await world.stripe.tell(
                    "stripe/refunds/\(refund.answer["id"]?.string ?? "")", ["status": "failed"])
            }
            try await resolve(known, in: world)
            #expect(try await world.stripe.list("refunds").map { $0["status"] } == ["succeeded", "failed", "failed"])
            try await world.expectAgreement()
        }
    }
}
