import Postgres
import ServiceKit
import SharedModels
import Testing

@testable import SandboxService

/// The promise under test: a key keeps its first answer whatever that was, and faults hit only what they are meant for.
@Suite struct GateTests {
    @Test func `a refusal is the answer to its key, and undoes what the call began`() async throws {
        try await SandboxWeb.use { web in
            let account = try await web.account()
            func transfer(_ key: String) async throws -> SandboxWeb.Answer {
                try await web.stripe(
                    .post, "transfers", [("amount", "500"), ("currency", "usd"), ("destination", account)], key: key)
            }
            #expect(try await transfer("one").code == "balance_insufficient")
            _ = try await web.paid()
            // There is money now; the key knows nothing of it.
            let repeated = try await transfer("one")
            #expect(repeated.code == "balance_insufficient" && repeated.isReplayed)
            #expect(try await transfer("two").status == 200)
            try await web.advance(86_401)
            #expect(try await transfer("one").status == 200)
        }
    }

    @Test func `a request that was faulty itself may be corrected under its key`() async throws {
        try await SandboxWeb.use { web in
            #expect(try await web.stripe(.post, "customers", [("colour", "red")], key: "k").code == "parameter_unknown")
            let bad = try await web.stripe(.post, "payment_intents", [("currency", "usd")], key: "k")
            #expect(bad.code == "parameter_missing" && !bad.isReplayed)
            #expect(try await web.stripe(.post, "customers", [], key: "k").status == 200)
        }
    }

    @Test(arguments: [("stored_error", 0), ("error_after_success", 1)])
    func `a 500 binds its key for a day`(mode: String, made: Int) async throws {
        try await SandboxWeb.use { web in
            try await web.tell("fail", ["target": "stripe", "mode": .string(mode), "times": 1])
            #expect(try await web.stripe(.post, "customers", [], key: "k").status == 500)
            let again = try await web.stripe(.post, "customers", [], key: "k")
            #expect(again.status == 500 && again.isReplayed)
            #expect(try await web.sandbox.ids("/v1/customers").count == made)
            try await web.advance(86_401)
            #expect(try await web.stripe(.post, "customers", [], key: "k").status == 200)
        }
    }

    @Test func `answers are forgotten after a day`() async throws {
        try await SandboxWeb.use { web in
            _ = try await web.stripe(.post, "customers", [], key: "k")
            func count() async throws -> Int64 {
                try await web.sandbox.database.one("SELECT count(*) FROM stripe_answers") { try $0.int64(at: 0) }
            }
            try await web.sandbox.work { try await StripeAnswerStore().prune($0) }
            #expect(try await count() == 1)
            try await web.advance(86_401)
            try await web.sandbox.work { try await StripeAnswerStore().prune($0) }
            #expect(try await count() == 0)
        }
    }

    @Test func `a fault can be for one object, and for reads or writes alone`() async throws {
        try await SandboxWeb.use { web in
            let (one, two) = (try await web.paid(), try await web.paid())
            let refunds = { (payment: String) in
                try await web.stripe(.post, "refunds", [("payment_intent", payment), ("amount", "100")]).status
            }
            try await web.tell(
                "fail", ["target": "stripe", "mode": "error", "object": .string(one.id), "calls": "write", "times": 9])
            #expect(try await web.stripe(.get, "payment_intents/\(one.id)").status == 200)
            #expect(try await refunds(two.id) == 200)
            #expect(try await refunds(one.id) == 500)
            try await web.tell("fail", ["target": "stripe", "times": 0])
            try await web.tell(
                "fail", ["target": "stripe", "mode": "error", "object": .string(one.id), "calls": "read", "times": 9])
            #expect(try await web.stripe(.get, "payment_intents/\(two.id)").status == 200)
            #expect(try await web.stripe(.get, "payment_intents/\(one.id)").status == 500)
            #expect(try await web.stripe(.get, "refunds?payment_intent=\(one.id)").status == 500)
            #expect(try await refunds(one.id) == 200)
        }
    }

    @Test func `a wrong key, and a proxy's page, are no answers of Stripe's`() async throws {
        try await SandboxWeb.use { web in
            try await web.tell("fail", ["target": "stripe", "mode": "unauthorized", "times": 1])
            #expect(try await web.stripe(.get, "balance").status == 401)
            try await web.tell("fail", ["target": "stripe", "mode": "proxy_refusal", "times": 1])
            let page = try await web.stripe(.post, "customers")
            #expect(page.status == 404 && page.body == .null)
            #expect(try await web.sandbox.ids("/v1/customers").isEmpty)
            #expect(try await web.tell("fail", ["target": "llm", "mode": "unauthorized", "times": 1]).status == 400)
        }
    }

    @Test func `events come twice, late, or not at all, and can always be read`() async throws {
        try await SandboxWeb.use { web in
            let deliveries = web.sandbox.sender.deliveries
            func deliver() async throws -> [String] {
                var types: [String] = []
                while let next = try await deliveries.findNext(
                    at: SystemClock().now + .seconds(60), in: web.sandbox.database)
                {
                    types.append(try JSONValue.parse(next.payload)["type"]?.string ?? "")
                    try await deliveries.delete(next, in: web.sandbox.database)
                }
                return types
            }
            try await web.tell("stripe/deliveries", ["mode": "twice", "type": "customer.", "times": 1])
            _ = try await web.stripe(.post, "customers")
            #expect(try await deliver() == ["customer.created", "customer.created"])
            try await web.tell("stripe/deliveries", ["mode": "dropped", "times": 1])
            _ = try await web.stripe(.post, "customers")
            #expect(try await deliver().isEmpty)
            #expect(try await web.sandbox.eventTypes() == ["customer.created", "customer.created"])
            try await web.tell("stripe/deliveries", ["mode": "later", "type": "payment_intent.created", "times": 1])
            _ = try await web.paid()
            let next = try await deliveries.findNext(at: SystemClock().now, in: web.sandbox.database)
            #expect(next.map { String(decoding: $0.payload, as: UTF8.self).contains("charge.succeeded") } == true)
            #expect(try await deliver().contains("payment_intent.created"))
        }
    }

    @Test func `an event can be told of anything, also of a foreign account`() async throws {
        try await SandboxWeb.use { web in
            let payment = try await web.paid()
            let event = try await web.tell(
                "stripe/events",
                [
                    "type": "payment_intent.succeeded", "object": .string(payment.id), "account": "acct_foreign",
                    "livemode": true,
                ])
            #expect(event.body["account"] == "acct_foreign" && event.body["livemode"] == true)
            #expect(event.body["data"]?["object"]?["amount"] == 10_000)
            #expect(try await web.tell("stripe/events", ["type": "x"]).status == 400)
        }
    }

    @Test func `every call is remembered as it came, also one that is refused, but never its key`() async throws {
        try await SandboxWeb.use { web in
            _ = try await web.stripe(.post, "refunds", [("payment_intent", "pi_1"), ("metadata[a]", "b c")], key: "k")
            _ = try await web.stripe(.get, "charges?limit=3&expand%5B%5D=data.refunds")
            _ = try await web.stripe(.post, "coupons")
            let seen = try await web.ask("stripe/requests").body["requests"]?.array ?? []
            #expect(seen.map { $0["path"] } == ["/v1/refunds", "/v1/charges", "/v1/coupons"])
            #expect(seen.map { $0["method"] } == ["POST", "GET", "POST"])
            #expect(seen.map { $0["status"] } == [400, 200, 404])
            #expect(seen.first?["parameters"]?.string == "payment_intent=pi_1&metadata%5Ba%5D=b+c")
            #expect(seen.dropFirst().first?["parameters"]?.string == "limit=3&expand%5B%5D=data.refunds")
            #expect(seen.first?["headers"]?["Idempotency-Key"] == "k")
            #expect(!seen.description.contains("sk_test"))
            let position = seen.first?["position"]?.integer ?? 0
            #expect(try await web.ask("stripe/requests?after=\(position)").body["requests"]?.array?.count == 2)
            #expect(try await web.ask("stripe/requests?after=-1").status == 400)
        }
    }
}
