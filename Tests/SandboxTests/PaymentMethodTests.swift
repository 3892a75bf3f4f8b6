import SharedModels
import Testing

@testable import SandboxService

/// The promise under test: a stored card belongs to one customer, from the day it is attached until it is detached.
@Suite struct PaymentMethodTests {
    @Test func `each attaching of a test card stores another one`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let customer = try await sandbox.customer()
            let first = try await sandbox.post(attach("pm_card_mastercard"), "customer=\(customer)")
            let second = try await sandbox.post(attach("pm_card_mastercard"), "customer=\(customer)")
            let id = try #require(first["id"]?.string)
            #expect(id.hasPrefix("pm_1"))
            #expect(first["id"] != second["id"])
            #expect(first["customer"] == .string(customer))
            #expect(first["type"] == "card")
            #expect(first["card"]?["brand"] == "mastercard")
            #expect(first["card"]?["last4"] == "4444")
            #expect(first["card"]?["exp_month"] == 12)
            #expect(first["card"]?["fingerprint"] == second["card"]?["fingerprint"])
            #expect(first["billing_details"]?["address"]?["country"] == .null)
            #expect(try await sandbox.get("/v1/payment_methods/\(id)") == first)
            #expect(
                try await sandbox.eventTypes().suffix(2)
                    == Array(repeating: "payment_method.attached", count: 2))
        }
    }

    @Test func `a customer's cards are listed, and without a customer none`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let (customer, other) = (try await sandbox.customer(), try await sandbox.customer())
            let older = try await sandbox.savedCard(of: customer)
            let newer = try await sandbox.savedCard(of: customer, "pm_card_amex")
            let all = "/v1/payment_methods"
            let own = "/v1/customers/\(customer)/payment_methods"
            #expect(try await sandbox.ids(all, "customer=\(customer)") == [newer, older])
            #expect(try await sandbox.ids(all, "customer=\(customer)&type=card&limit=1") == [newer])
            #expect(try await sandbox.ids(all, "customer=\(customer)&type=sepa_debit").isEmpty)
            #expect(try await sandbox.ids(all, "customer=\(other)").isEmpty)
            #expect(try await sandbox.ids(all).isEmpty)
            #expect(try await sandbox.ids(own) == [newer, older])
            #expect(try await sandbox.get("\(own)/\(older)")["id"] == .string(older))
            let foreign = try await sandbox.refusal(.get, "/v1/customers/\(other)/payment_methods/\(older)")
            #expect(foreign == .noSuch("PaymentMethod", older, parameter: "payment_method", inPath: true))
            #expect(try await sandbox.refusal(.get, all, "customer=cus_nobody")?.code == "resource_missing")
        }
    }

    @Test func `a card that every bank declines cannot be attached`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let customer = try await sandbox.customer()
            let refusal = try await sandbox.refusal(
                .post, attach("pm_card_chargeDeclinedInsufficientFunds"), "customer=\(customer)")
            #expect(refusal == .declined(.insufficientFunds))
            #expect(try await sandbox.ids("/v1/payment_methods", "customer=\(customer)").isEmpty)
        }
    }

    @Test func `an attached card stays its customer's`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let (customer, other) = (try await sandbox.customer(), try await sandbox.customer())
            let card = try await sandbox.savedCard(of: customer)
            let events = try await sandbox.eventTypes().count
            #expect(try await sandbox.post(attach(card), "customer=\(customer)")["id"] == .string(card))
            #expect(try await sandbox.eventTypes().count == events)
            let refusal = try await sandbox.refusal(.post, attach(card), "customer=\(other)")
            #expect(refusal?.status == 400)
            #expect(
                refusal?.message == "The payment method you provided has already been attached to a customer."
            )
            #expect(try await sandbox.refusal(.post, attach(card)) == .missing("customer"))
        }
    }

    @Test func `a detached card is good for nothing any more`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let customer = try await sandbox.customer()
            let card = try await sandbox.savedCard(of: customer)
            let detached = try await sandbox.post("/v1/payment_methods/\(card)/detach")
            #expect(detached["customer"] == .null)
            #expect(try await sandbox.eventTypes().last == "payment_method.detached")
            #expect(try await sandbox.get("/v1/payment_methods/\(card)") == detached)
            #expect(try await sandbox.ids("/v1/payment_methods", "customer=\(customer)").isEmpty)
            let again = try await sandbox.refusal(.post, "/v1/payment_methods/\(card)/detach")
            #expect(again?.message.contains("detachment is impossible") == true)
            let back = try await sandbox.refusal(.post, attach(card), "customer=\(customer)")
            #expect(back?.message.contains("may not be used again") == true)
            for owner in ["customer=\(customer)&", ""] {
                let payment = try await sandbox.refusal(
                    .post, "/v1/payment_intents", "\(owner)amount=500&currency=usd&payment_method=\(card)")
                #expect(payment?.kind == .invalidRequest)
                #expect(payment?.message.contains("It may not be used again.") == true)
            }
        }
    }

    @Test(arguments: ["pm_nobody", "tok_visa", "4242424242424242", "cus_1"])
    func `what is no payment method cannot be looked at, attached or detached`(id: String) async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let customer = try await sandbox.customer()
            let missing = StripeError.noSuch("PaymentMethod", id, parameter: "payment_method", inPath: true)
            #expect(try await sandbox.refusal(.get, "/v1/payment_methods/\(id)") == missing)
            #expect(try await sandbox.refusal(.post, attach(id), "customer=\(customer)") == missing)
            #expect(try await sandbox.refusal(.post, "/v1/payment_methods/\(id)/detach") == missing)
        }
    }

    @Test func `a test card's name can be looked at, and belongs to nobody`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let shown = try await sandbox.get("/v1/payment_methods/pm_card_visa_debit")
            #expect(shown["id"] == "pm_card_visa_debit")
            #expect(shown["customer"] == .null)
            #expect(shown["card"]?["funding"] == "debit")
            let refusal = try await sandbox.refusal(.post, "/v1/payment_methods/pm_card_visa_debit/detach")
            #expect(refusal?.message.contains("not attached to a customer") == true)
        }
    }

    private func attach(_ id: String) -> String { "/v1/payment_methods/\(id)/attach" }
}
