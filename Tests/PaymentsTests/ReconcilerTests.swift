import Postgres
import ServiceKit
import SharedModels
import Testing

@testable import PaymentsService

/// The promise under test: what is at Stripe and not in our books, or the other way round, is found by itself.
@Suite struct ReconcilerTests {
    private func run(_ world: OutsideWorld, times: Int = 2) async throws {
        for _ in 0..<times { try await world.features.reconciler.run() }
    }

    @Test func `deals of both flows leave no drift, whatever happens to them`() async throws {
        try await OutsideWorld.use { world in
            _ = try await world.paid()
            let deal = try await world.released()
            try await world.stripe.tell("stripe/refunds", ["payment_intent": world.intent(deal), "amount": 40_000])
            try await world.hear()
            try await world.stripe.tell("stripe/disputes", ["payment_intent": world.intent(deal)])
            try await world.hear()
            try await run(world, times: 3)
            #expect(try await world.features.reconciler.drift() == 0)
            #expect(try await world.openCases().contains(.drift) == false)
        }
    }

    @Test func `a drift is a case at the second look, and ends when the books agree again`() async throws {
        try await OutsideWorld.use { world in
            _ = try await world.funded()
            try await run(world)
            // Somebody takes a payment in the dashboard.
            let paid = try await world.stripe.post(
                "v1/payment_intents",
                [("amount", "5000"), ("currency", "inr"), ("payment_method", "pm_card_visa"), ("confirm", "true")])
            try await world.hear()
            try await run(world, times: 1)
            #expect(try await world.openCases().isEmpty)
            try await run(world, times: 1)
            #expect(try await world.openCases() == [.drift])
            // Admins are told once, with what they see of the case.
            try await run(world, times: 1)
            let told: [String] = try await world.database.all(
                "SELECT recipients::text || (data ->> 'kind') AS told FROM outbox WHERE name = 'case.opened'"
            ) { try $0.decode("told") }
            #expect(told == ["{}drift"])
            #expect(try await world.features.reconciler.drift() == 5_000)
            let intent = try #require(paid.answer["id"]?.string)
            try await world.stripe.post("v1/refunds", [("payment_intent", intent)])
            try await run(world, times: 1)
            #expect(try await world.features.reconciler.drift() == 0)
            #expect(try await world.openCases().contains(.drift) == false)
        }
    }

    @Test func `what Stripe keeps for itself is posted once, and the ledger is Stripe's balance to the cent`()
        async throws
    {
        try await OutsideWorld.use { world in
            try await world.stripe.tell(
                "stripe/settings", ["fee_basis_points": 290, "fee_fixed_minor": 30, "dispute_fee_minor": 1_500])
            _ = try await world.funded()
            let deal = try await world.released()
            _ = try await world.paid()
            try await run(world)
            let fees = try await -world.balance(.stripeFees(.usd))
            #expect(fees > 0)
            try await world.expectAgreement()
            try await world.stripe.tell("stripe/disputes", ["payment_intent": world.intent(deal)])
            try await world.hear()
            try await run(world)
            #expect(try await -world.balance(.stripeFees(.usd)) == fees)
            #expect(try await -world.balance(.stripeFees(.inr)) > 1_500)
            try await world.expectAgreement()
            // All is read again, as after an upgrade: nothing is posted twice.
            try await world.database.execute("DELETE FROM reconciliations")
            try await run(world, times: 3)
            try await world.expectAgreement()
            #expect(try await world.features.reconciler.drift() == 0)
            #expect(try await !world.openCases().contains(.drift))
        }
    }

    @Test func `rupees that Stripe converts to dollars are compared as rupees`() async throws {
        try await OutsideWorld.use { world in
            try await world.stripe.tell(
                "stripe/settings",
                ["inr_in_usd_millionths": 11_834, "fee_basis_points": 200, "dispute_fee_minor": 1_500])
            let deal = try await world.released()
            try await world.stripe.tell("stripe/refunds", ["payment_intent": world.intent(deal), "amount": 40_000])
            try await world.hear()
            _ = try await world.paid()
            try await run(world, times: 3)
            #expect(try await world.features.reconciler.drift() == 0)
            #expect(try await world.balance(.provider(.inr)) < 0)
            // Stripe's fee is taken in the currency that it keeps.
            #expect(try await world.balance(.stripeFees(.inr)) == 0)
            #expect(try await world.balance(.stripeFees(.usd)) < 0)
            #expect(try await world.openCases().isEmpty)
        }
    }

    @Test func `a transaction that shows up behind a newer one is no drift for long`() async throws {
        try await OutsideWorld.use { world in
            try await world.stripe.tell("stripe/settings", ["fee_basis_points": 290])
            _ = try await world.funded()
            let late = try #require(try await world.stripe.list("balance_transactions").first?["id"]?.string)
            try await world.stripe.hiding(late) {
                _ = try await world.escrowed()
                try await run(world)
                #expect(try await world.openCases() == [.drift])
            }
            try await run(world, times: 1)
            #expect(try await world.openCases().isEmpty)
            #expect(try await world.balance(.stripeFees(.inr)) == -2_900)
            try await world.expectAgreement()
        }
    }

    @Test func `what was compared long ago is not read again, and still counts`() async throws {
        try await OutsideWorld.use { world in
            for _ in 0..<3 {
                _ = try await world.escrowed()
                try await run(world)
                try await world.stripe.tell("stripe/settings", ["fee_basis_points": 100])
                try await world.stripe.advance(seconds: 3_600)
            }
            try await run(world, times: 3)
            let known = try #require(try await ReconciliationStore().find(.usd, in: world.database))
            #expect(known.settled > 0 && known.settled < known.total)
            #expect(known.drift == 0)
            try await world.expectAgreement()
        }
    }

    @Test func `what is on its way is no drift`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.opened()
            try await world.stripe.pay(world.checkout(deal).sessionID)
            // The event is stored, and not followed up yet.
            let webhook = try #require(try await world.stripe.webhooks().last)
            let header = StripeSignature.header(webhook.payload, PaymentsWorld.secret, at: world.clock.now)
            try await world.features.webhook.receive(webhook.payload, signature: header, at: world.clock.now)
            try await run(world, times: 3)
            #expect(try await world.openCases().isEmpty)
            try await world.features.stripeEvents.handle(webhook.event)
            try await world.checkouts.observe(session: world.checkout(deal).sessionID ?? "")
            try await run(world)
            #expect(try await world.features.reconciler.drift() == 0)
        }
    }
}
