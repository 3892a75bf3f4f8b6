import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: an event counts once and makes us look, and nothing in it is trusted.
@Suite struct StripeWebhookTests {
    private func deliver(_ text: String, to world: PaymentsWorld) async throws {
        let body = Array(text.utf8)
        let header = StripeSignature.header(body, PaymentsWorld.secret, at: world.clock.now)
        try await world.webhook.receive(body, signature: header, at: world.clock.now)
    }

    private func event(_ id: String, _ type: String, _ object: String) -> String {
        """
        {"id":"\(id)","object":"event","type":"\(type)",\
        "data":{"object":{"id":"\(object)","status":"requires_capture"}}}
        """
    }

    @Test func `an event that comes twice is looked into once`() async throws {
        try await PaymentsWorld.with { world in
            let deal = Deal()
            _ = try await world.escrows.fund(deal.milestone, deal.input)
            let event = event("evt_1", "payment_intent.amount_capturable_updated", "pi_1")
            try await deliver(event, to: world)
            // The event claims it, but the provider does not confirm it.
            try await world.events.handle("evt_1")
            #expect(try await world.escrow(deal).state == .authorizing)
            try await world.scheduler.cancel(LookIntoStripeEvent("evt_1"), in: world.database)
            try await deliver(event, to: world)
            #expect(try await world.scheduled("evt_1").isEmpty)
            world.stripe.confirm("pi_1")
            try await world.events.handle("evt_1")
            try await world.events.handle("evt_1")
            #expect(try await world.escrow(deal).state == .held)
            #expect(try await world.announced(of: deal.milestone.uuid) == ["escrow.funded"])
        }
    }

    @Test func `an event of another kind is stored and ignored`() async throws {
        try await PaymentsWorld.with { world in
            try await deliver(event("evt_2", "payout.paid", "po_1"), to: world)
            try await world.events.handle("evt_2")
            try await deliver(event("evt_4", "account.updated", "acct_of_a_stranger"), to: world)
            try await world.events.handle("evt_4")
            #expect(world.stripe.calls.isEmpty)
            // Gone at the provider: looked at once.
            try await deliver(event("evt_5", "payment_intent.canceled", "pi_gone"), to: world)
            try await world.events.handle("evt_5")
            #expect(world.stripe.calls == ["GET /v1/payment_intents/pi_gone"])
        }
    }

    @Test func `what nothing follows from is handled when it is stored, and not looked into`() async throws {
        try await PaymentsWorld.with { world in
            func count(_ from: SQL) async throws -> Int {
                try await world.database.one("SELECT count(*) AS count FROM \(fragment: from)") {
                    try $0.decode("count")
                }
            }
            let types = ["customer.created", "charge.succeeded", "payment_intent.created", "payment_method.attached"]
            for type in types { try await deliver(event("evt_\(type)", type, "object_1"), to: world) }
            #expect(try await count("stripe_events WHERE handled_at IS NOT NULL") == types.count)
            #expect(try await count("scheduled WHERE kind = 'stripe.event'") == 0)
            try await deliver(event("evt_paid", "payment_intent.succeeded", "pi_1"), to: world)
            #expect(try await count("stripe_events WHERE handled_at IS NULL") == 1)
            #expect(try await count("scheduled WHERE kind = 'stripe.event'") == 1)
        }
    }

    @Test func `what is not signed, and what is no event, changes nothing`() async throws {
        try await PaymentsWorld.with { world in
            await #expect(throws: WebhookError.badSignature(.missing)) {
                try await world.webhook.receive([], signature: nil, at: world.clock.now)
            }
            for text in ["", "[]", "{}", #"{"id":7,"type":"x"}"#] {
                await #expect(throws: WebhookError.badEvent) { try await deliver(text, to: world) }
            }
            let count: Int = try await world.database.one("SELECT count(*) AS stored FROM stripe_events") {
                try $0.decode("stored")
            }
            #expect(count == 0)
            #expect(WebhookError.badSignature(.wrong).code.status == 400)
        }
    }

    @Test func `onboarding that is finished is announced once, and has no further link`() async throws {
        try await PaymentsWorld.with { world in
            let worker = AccountID.make(at: world.clock.now)
            let first = try await world.payees.onboardingLink(for: worker)
            let second = try await world.payees.onboardingLink(for: worker)
            #expect(first != second && world.stripe.accounts.count == 1)
            try await deliver(event("evt_3", "account.updated", "acct_1"), to: world)
            try await world.events.handle("evt_3")
            #expect(try await world.announced(of: worker.uuid).isEmpty)
            world.stripe.finishOnboarding("acct_1")
            try await world.events.handle("evt_3")
            try await world.events.handle("evt_3")
            #expect(try await world.announced(of: worker.uuid) == ["payee.onboarded"])
            await #expect(throws: PayeeError.alreadyOnboarded(worker)) {
                _ = try await world.payees.onboardingLink(for: worker)
            }
        }
    }

    @Test func `every account starts with ten credits, however it is heard of`() async throws {
        try await PaymentsWorld.with { world in
            let credits = CreditsWorkflow(
                database: world.database, clock: world.clock, peers: FakePeers())
            let account = AccountID.make(at: world.clock.now)
            #expect(try await credits.balance(of: account) == 10)
            try await world.database.transaction { try await credits.open(account, isReturning: false, in: $0) }
            try await world.database.transaction { try await credits.open(account, isReturning: false, in: $0) }
            #expect(try await credits.balance(of: account) == 10)
            #expect(try await world.balance(.creditsIssued) == -10)
        }
    }
}
