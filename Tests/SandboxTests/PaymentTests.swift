import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import SandboxService

/// The promise under test: money appears once, when it is captured, and holds end with the clock.
@Suite struct PaymentTests {
    @Test func `a capture brings the money once`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let intent = try await sandbox.held()
            #expect(try await sandbox.balance() == 0)
            try await sandbox.work { _ = try await sandbox.intents.capture(intent, amount: 6_000, $0) }
            #expect(try await sandbox.balance() == 6_000)
            let captured = try #require(
                try await sandbox.store.find(intent.id, .paymentIntent, in: sandbox.database))
            #expect(captured.amount("amount_received") == 6_000)
            await #expect {
                try await sandbox.work { _ = try await sandbox.intents.capture(captured, amount: nil, $0) }
            } throws: { error in
                (error as? StripeError)?.code == "payment_intent_unexpected_state"
            }
            #expect(try await sandbox.balance() == 6_000)
        }
    }

    @Test func `just after a move of the clock the world outside still has the time of before`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            var before = sandbox.clock.now
            try await eventually("both moves are made, and it is looked, before anything has settled") {
                () async throws in
                before = sandbox.clock.settledNow
                let start = ContinuousClock.now
                #expect(try await sandbox.clock.advance(seconds: 8 * 86_400))
                #expect(try await sandbox.clock.advance(seconds: 86_400))
                #expect(sandbox.clock.now - before >= .days(9))
                let settled = sandbox.clock.settledNow
                guard ContinuousClock.now - start < SandboxClock.settling else { return false }
                #expect(settled - before < .days(1))
                return true
            }
            try await eventually("it has settled") { sandbox.clock.settledNow - before >= .days(9) }
        }
    }

    @Test func `a hold lapses after seven days of the sandbox's clock`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let intent = try await sandbox.held()
            #expect(try await sandbox.clock.advance(seconds: 7 * 86_400 - 60))
            #expect(try await sandbox.work { try await sandbox.deadlines.apply($0, by: $0.now) } == false)
            #expect(try await sandbox.clock.advance(seconds: 120))
            #expect(try await sandbox.work { try await sandbox.deadlines.apply($0, by: $0.now) })
            let lapsed = try #require(
                try await sandbox.store.find(intent.id, .paymentIntent, in: sandbox.database))
            #expect(lapsed.text("status") == "canceled")
            #expect(lapsed.text("cancellation_reason") == "automatic")
            #expect(
                try await sandbox.eventTypes().suffix(2) == ["payment_intent.canceled", "charge.expired"])
            #expect(try await sandbox.balance() == 0)
        }
    }

    @Test func `a bank that says no leaves a failed charge and the reason`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let card = try #require(TestCard.find("pm_card_chargeDeclined"))
            let (intent, refusal) = try await sandbox.work { (work) async throws in
                let intent = try await sandbox.intents.create(
                    amount: 500, currency: "usd", captureMethod: .automatic, card: nil, details: [], work)
                return try await sandbox.intents.confirm(intent, PresentedCard(card: card), work)
            }
            #expect(refusal?.status == 402)
            #expect(refusal?.code == "card_declined")
            #expect(intent["last_payment_error"]["decline_code"] == "generic_decline")
            #expect(try await sandbox.store.findBodies(.charge, in: sandbox.database).first?["status"] == "failed")
            #expect(try await sandbox.balance() == 0)
        }
    }

    @Test func `webhooks wait while nobody takes them`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            _ = try await sandbox.held()
            let waiting = try await sandbox.sender.deliveries.count(in: sandbox.database)
            #expect(waiting == 3)
            _ = try await sandbox.sender.sendNext()
            #expect(try await sandbox.sender.deliveries.count(in: sandbox.database) == waiting)
            let next = try await sandbox.sender.deliveries.findNext(at: SystemClock().now, in: sandbox.database)
            #expect(next?.attempts == 1)
        }
    }

    @Test func `the pause between attempts doubles up to five seconds`() {
        #expect(
            [1, 2, 3, 10, 1000].map(WebhookSender.pause(after:)) == [
                .milliseconds(200), .milliseconds(400), .milliseconds(800), .seconds(5), .seconds(5),
            ])
    }

    @Test func `a webhook's signature is Stripe's`() {
        // echo -n '1492774577.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test
        let header = WebhookSignature(secrets: [Secret("whsec_test")])
            .header(for: Array(#"{"id":"evt_1"}"#.utf8), at: Timestamp(seconds: 1_492_774_577))
        #expect(header == "t=1492774577,v1=7656fc2882a7ca0a651666b36bf2f2f22ee204f54f608f227498a2419f2890b2")
    }
}
