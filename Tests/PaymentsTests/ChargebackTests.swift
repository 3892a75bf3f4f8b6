import ServiceKit
import SharedModels
import Testing

@testable import PaymentsService

/// The promise under test: disputed money does not move, what was paid out is asked back, and what is won is undone.
@Suite struct ChargebackTests {
    private func dispute(_ deal: Deal, in world: OutsideWorld) async throws -> String {
        let made = try await world.stripe.tell("stripe/disputes", ["payment_intent": world.payment(of: deal)])
        try await world.hear()
        return try #require(made["id"]?.string)
    }

    private func decide(_ dispute: String, _ outcome: String, in world: OutsideWorld) async throws {
        try await world.stripe.tell("stripe/disputes/\(dispute)", ["outcome": .string(outcome)])
        try await world.hear()
    }

    @Test func `disputed money in escrow is frozen, and free again when the dispute is won`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            let dispute = try await dispute(deal, in: world)
            #expect(try await world.escrow(deal).isFrozen)
            try await world.expectAgreement()
            await #expect(throws: EscrowError.frozen(deal.milestone)) {
                _ = try await world.escrows.release(deal.milestone)
            }
            await #expect(throws: EscrowError.frozen(deal.milestone)) {
                _ = try await world.escrows.cancel(deal.milestone)
            }
            #expect(try await world.openCases() == [.disputed])
            try await decide(dispute, "won", in: world)
            #expect(try await world.escrow(deal).isFrozen == false)
            #expect(try await world.openCases().isEmpty)
            #expect(try await world.escrows.release(deal.milestone).earning == .usd(cents: 9_501))
            try await world.expectAgreement()
        }
    }

    @Test func `a dispute that nobody told of is seen by the release`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            try await world.stripe.tell("stripe/disputes", ["payment_intent": world.payment(of: deal)])
            await #expect(throws: EscrowError.frozen(deal.milestone)) {
                _ = try await world.escrows.release(deal.milestone)
            }
            try await world.expectAgreement()
        }
    }

    @Test func `a lost dispute before the release leaves the milestone unpaid`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            try await decide(dispute(deal, in: world), "lost", in: world)
            #expect(try await world.escrow(deal).state == .unfunded)
            #expect(try await world.announced(of: deal.milestone.uuid).contains("escrow.lapsed"))
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 0)
            try await world.expectAgreement()
        }
    }

    @Test func `released money that is disputed is not paid out until the dispute is won`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed(Deal(payoutDelayDays: 0))
            _ = try await world.escrows.release(deal.milestone)
            try await world.onboard(deal.worker)
            let dispute = try await dispute(deal, in: world)
            #expect(try await world.balance(.payable(deal.worker, .usd)) == 0)
            await #expect(throws: EscrowError.frozen(deal.milestone)) {
                try await world.escrows.payOut(deal.milestone)
            }
            #expect(try await world.stripe.list("transfers").isEmpty)
            try await decide(dispute, "won", in: world)
            try await world.escrows.payOut(deal.milestone)
            #expect(try await world.stripe.list("transfers").map { $0["amount"] } == [9_501])
            try await world.expectAgreement()
        }
    }

    @Test func `what was paid out is taken back from the worker, and paid again when the dispute is won`() async throws
    {
        try await OutsideWorld.use { world in
            let deal = try await world.paid()
            let dispute = try await dispute(deal, in: world)
            #expect(try await world.isScheduled(ReverseTransfer.kind, dispute))
            try await world.features.reversals.reverse(for: dispute)
            try await world.features.reversals.reverse(for: dispute)
            #expect(try await world.stripe.list("transfers").first?["amount_reversed"] == 9_501)
            #expect(try await world.balance(.receivable(deal.worker, .usd)) == 0)
            #expect(try await world.balance(.revenue(.usd)) == 0)
            try await world.expectAgreement()
            try await world.hear()
            try await decide(dispute, "won", in: world)
            #expect(try await world.escrow(deal).state == .released)
            try await world.escrows.payOut(deal.milestone)
            #expect(try await world.stripe.list("transfers").map { $0["amount"] } == [9_501, 9_501])
            #expect(try await world.balance(.receivable(deal.worker, .usd)) == 0)
            #expect(try await world.balance(.revenue(.usd)) == 500)
            try await world.expectAgreement()
        }
    }

    @Test func `what was taken back of one deal does not count as another deal's`() async throws {
        try await OutsideWorld.use { world in
            let first = try await world.paid()
            let second = try await world.escrowed(Deal(payoutDelayDays: 0, to: first.worker))
            _ = try await world.escrows.release(second.milestone)
            try await world.escrows.payOut(second.milestone)
            try await world.hear()
            // Somebody takes the first deal's transfer back, and it is a case.
            let transfer = try #require(try await world.escrow(first).transferID)
            try await world.stripe.tell("stripe/reversals", ["transfer": .string(transfer)])
            try await world.hear()
            #expect(try await world.balance(.receivable(first.worker, .usd)) == 9_501)
            // The second deal's payment is disputed and won before its transfer could be taken back.
            let dispute = try await dispute(second, in: world)
            try await decide(dispute, "won", in: world)
            #expect(try await world.escrow(second).state == .paid)
            #expect(try await world.balance(.receivable(first.worker, .usd)) == 9_501)
            #expect(try await world.balance(.payable(first.worker, .usd)) == 0)
            try await world.expectAgreement()
        }
    }

    @Test func `what one deal's worker owes is not kept of what another deal's dispute gives back`() async throws {
        try await OutsideWorld.use { world in
            let first = try await world.paid()
            let second = try await world.escrowed(Deal(payoutDelayDays: 0, to: first.worker))
            _ = try await world.escrows.release(second.milestone)
            try await world.escrows.payOut(second.milestone)
            try await world.hear()
            let won = try await dispute(first, in: world)
            try await world.features.reversals.reverse(for: won)
            _ = try await dispute(second, in: world)
            #expect(try await world.balance(.receivable(first.worker, .usd)) == -9_501)
            try await decide(won, "won", in: world)
            #expect(try await world.escrow(first).state == .released)
            #expect(try await world.balance(.payable(first.worker, .usd)) == 9_501)
            #expect(try await world.balance(.receivable(first.worker, .usd)) == -9_501)
            try await world.expectAgreement()
        }
    }

    @Test func `what comes back after the dispute was won is paid to the worker again`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.paid()
            let dispute = try await dispute(deal, in: world)
            let transfer = try #require(try await world.escrow(deal).transferID)
            // Asked for, and then the process died and the news got lost.
            let reversal = try await world.stripe.post(
                "v1/transfers/\(transfer)/reversals",
                [("amount", "9501"), ("metadata[action]", "dispute:\(dispute):reversal")])
            try #require(reversal.status == 200)
            _ = try await world.stripe.webhooks()
            try await decide(dispute, "won", in: world)
            #expect(try await world.escrow(deal).state == .paid)
            try await world.features.reversals.follow(transfer: transfer)
            #expect(try await world.escrow(deal).state == .released)
            try await world.escrows.payOut(deal.milestone)
            #expect(try await world.balance(.receivable(deal.worker, .usd)) == 0)
            #expect(try await world.openCases().isEmpty)
            try await world.expectAgreement()
        }
    }

    @Test func `a fault that Stripe has stored does not keep us from taking a transfer back`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.paid()
            let dispute = try await dispute(deal, in: world)
            try await world.stripe.tell(
                "fail",
                ["target": "stripe", "path": "/reversals", "calls": "write", "mode": "stored_error", "times": 1])
            // Without an answer it is asked once more.
            do {
                try await world.features.reversals.reverse(for: dispute)
            } catch ProviderError.unavailable {
                try await world.features.reversals.reverse(for: dispute)
            }
            #expect(try await world.stripe.list("transfers").first?["amount_reversed"] == 9_501)
            #expect(try await world.openCases() == [.disputed])
            try await world.expectAgreement()
        }
    }

    @Test func `what the worker no longer has is owed, and a case`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.paid()
            let account = try await world.account(of: deal.worker)
            try await world.stripe.tell("stripe/payouts", ["account": .string(account)])
            let dispute = try await dispute(deal, in: world)
            try await world.features.reversals.reverse(for: dispute)
            #expect(try await Set(world.openCases()) == [.disputed, .owedByWorker])
            #expect(try await world.balance(.receivable(deal.worker, .usd)) == -9_501)
            try await decide(dispute, "lost", in: world)
            #expect(try await world.balance(.receivable(deal.worker, .usd)) == -9_501)
            #expect(try await world.escrow(deal).state == .paid)
            try await world.expectAgreement()
        }
    }

    @Test func `events in any order, twice, and of strangers change nothing more`() async throws {
        try await OutsideWorld.use { (world) async throws in
            let deal = try await world.escrowed()
            let made = try await world.stripe.tell("stripe/disputes", ["payment_intent": world.payment(of: deal)])
            let id = try #require(made["id"]?.string)
            try await world.stripe.tell("stripe/disputes/\(id)", ["outcome": "lost"])
            for type in ["closed", "created", "funds_withdrawn", "closed"] {
                try await world.stripe.tell(
                    "stripe/events", ["type": .string("charge.dispute.\(type)"), "object": .string(id)])
            }
            try await world.stripe.tell(
                "stripe/events", ["type": "charge.dispute.created", "object": "dp_strange", "account": "acct_strange"])
            try await world.hear()
            #expect(try await world.escrow(deal).state == .unfunded)
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 0)
            try await world.expectAgreement()
        }
    }

    @Test func `a transfer that was taken back by hand is booked once, and a case`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.paid()
            let transfer = try #require(try await world.escrow(deal).transferID)
            try await world.stripe.tell("stripe/reversals", ["transfer": .string(transfer), "amount": 500])
            try await world.hear()
            try await world.features.reversals.follow(transfer: transfer)
            #expect(try await world.balance(.receivable(deal.worker, .usd)) == 500)
            #expect(try await world.openCases() == [.transferReversed])
            try await world.expectAgreement()
        }
    }
}
