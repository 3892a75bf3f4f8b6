import SharedModels
import Testing

@testable import SandboxService

/// The promise under test: Checkout Sessions are as strict as Stripe's, and tell by `payment_status` whether they are paid.
@Suite struct CheckoutTests {
    private static let line = [
        "line_items[0][quantity]": "1", "line_items[0][price_data][currency]": "inr",
        "line_items[0][price_data][unit_amount]": "100000", "line_items[0][price_data][product_data][name]": "A logo",
    ]
    private static let good = line.merging(["mode": "payment", "success_url": "https://example.com/ok"]) { $1 }

    private func form(_ changes: [String: String?]) -> String {
        var form = Self.good
        for (name, value) in changes { form[name] = value }
        return form.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
    }

    @Test(
        arguments: [
            ("success_url", nil, "parameter_missing"), ("success_url", "nonsense", "url_invalid"),
            ("mode", nil, "parameter_missing"),
            ("mode", "subscription", nil), ("line_items[0][quantity]", nil, "parameter_missing"),
            ("line_items[0][quantity]", "0", "parameter_invalid_integer"),
            ("line_items[0][price_data][unit_amount]", nil, "parameter_missing"),
            ("line_items[0][price_data][unit_amount]", "10.5", "parameter_invalid_integer"),
            ("line_items[0][price_data][unit_amount]", "49", "amount_too_small"),
            ("line_items[0][price_data][unit_amount]", "100000000", "parameter_invalid_integer"),
            ("line_items[0][price_data][currency]", "xyz", nil),
            ("line_items[0][price_data][product_data][name]", nil, "parameter_missing"),
            ("line_items[0][colour]", "red", "parameter_unknown"),
            ("line_items[0][price_data][colour]", "red", "parameter_unknown"),
            ("payment_intent_data[colour]", "red", "parameter_unknown"),
            ("line_items[0][price]", "price_1", "resource_missing"), ("customer", "cus_nobody", "resource_missing"),
            ("payment_method_types[]", "cheque", nil), ("currency", "usd", nil), ("expires_at", "1", nil),
            ("customer_email", "nobody", "email_invalid"),
        ] as [(String, String?, String?)])
    func `a wrong parameter is refused by name`(name: String, value: String?, code: String?) async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let refusal = try await sandbox.refusal(.post, "/v1/checkout/sessions", form([name: value]))
            #expect(refusal?.status == 400 && refusal?.code == code, "\(name): \(String(describing: refusal))")
            #expect(try await sandbox.ids("/v1/checkout/sessions").isEmpty)
        }
    }

    @Test func `a line shows its price whole`() async throws {
        try await SandboxFixture.use { sandbox in
            let id = try await sandbox.post("/v1/checkout/sessions", form([:]))["id"]?.string ?? ""
            let lines = try await sandbox.get("/v1/checkout/sessions/\(id)/line_items")["data"]?.array
            let price = lines?.first?["price"]
            #expect(price?["billing_scheme"] == "per_unit" && price?["metadata"] == .object([]))
            #expect(price?["product"]?.string?.hasPrefix("prod_") == true && price?["unit_amount"] == 100_000)
        }
    }

    @Test func `an open page expires, and neither a paid nor an expired one does`() async throws {
        try await SandboxFixture.use { sandbox in
            let id = try await sandbox.post("/v1/checkout/sessions", form([:]))["id"]?.string ?? ""
            let expired = try await sandbox.post("/v1/checkout/sessions/\(id)/expire")
            #expect(expired["status"] == "expired" && expired["url"] == .null && expired["payment_status"] == "unpaid")
            #expect(try await sandbox.refusal(.post, "/v1/checkout/sessions/\(id)/expire")?.status == 400)
            #expect(try await sandbox.eventTypes() == ["checkout.session.expired"])
        }
    }

    @Test(arguments: ["accepts", "declines"])
    func `a payment that takes days is done and not paid, until its bank answers`(bank: String) async throws {
        try await SandboxWeb.use { web in
            let id = try await web.sandbox.post("/v1/checkout/sessions", form([:]))["id"]?.string ?? ""
            let paid = try await web.pay(id, [("delayed", "true")])
            #expect(paid.body["status"] == "complete" && paid.body["payment_status"] == "unpaid")
            let intent = paid.body["payment_intent"]?.string ?? ""
            #expect(try await web.tell("stripe/payment_intents/\(intent)", ["bank": .string(bank)]).status == 200)
            let isPaid = bank == "accepts"
            let session = try await web.sandbox.get("/v1/checkout/sessions/\(id)")
            #expect(session["payment_status"]?.string == (isPaid ? "paid" : "unpaid"))
            #expect(session["status"] == "complete")
            let told = try await web.sandbox.eventTypes().filter { $0.hasPrefix("checkout.") }
            let end = isPaid ? "checkout.session.async_payment_succeeded" : "checkout.session.async_payment_failed"
            #expect(told == ["checkout.session.completed", end])
            #expect(try await web.pay(id).status == 400)
        }
    }
}
