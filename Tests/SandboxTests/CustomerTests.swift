import SharedModels
import Testing

@testable import SandboxService

/// The promise under test: a customer keeps its identity until it is deleted, and then cannot pay any more.
@Suite struct CustomerTests {
    @Test func `a customer is made, found and changed`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let made = try await sandbox.post(
                "/v1/customers", "email=a@example.com&name=Ada&metadata[account_id]=7")
            let id = try #require(made["id"]?.string)
            #expect(id.hasPrefix("cus_"))
            #expect(made["object"] == "customer")
            #expect(made["metadata"] == ["account_id": "7"])
            let changed = try await sandbox.post(
                "/v1/customers/\(id)", "name=&phone=123&metadata[tier]=gold&description=a+client")
            #expect(changed["name"] == .null)
            #expect(changed["phone"] == "123")
            #expect(changed["email"] == "a@example.com")
            #expect(changed["metadata"] == ["account_id": "7", "tier": "gold"])
            #expect(try await sandbox.get("/v1/customers/\(id)") == changed)
            #expect(try await sandbox.eventTypes() == ["customer.created", "customer.updated"])
        }
    }

    @Test func `customers are listed newest first, or by e-mail address`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let first = try await sandbox.customer("email=a@example.com")
            let second = try await sandbox.customer("email=b@example.com")
            #expect(try await sandbox.ids("/v1/customers") == [second, first])
            #expect(try await sandbox.ids("/v1/customers", "email=a@example.com") == [first])
            #expect(try await sandbox.ids("/v1/customers", "email=c@example.com").isEmpty)
            #expect(try await sandbox.ids("/v1/customers", "limit=1&starting_after=\(second)") == [first])
        }
    }

    @Test func `a deleted customer is still known by the id, and no more`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let id = try await sandbox.customer()
            let deleted: JSONValue = ["deleted": true, "id": .string(id), "object": "customer"]
            #expect(try await sandbox.call(.delete, "/v1/customers/\(id)").body == deleted)
            #expect(try await sandbox.get("/v1/customers/\(id)") == deleted)
            #expect(try await sandbox.ids("/v1/customers").isEmpty)
            #expect(try await sandbox.eventTypes() == ["customer.created", "customer.deleted"])
            for method in [SharedModels.Method.post, .delete] {
                let refusal = try await sandbox.refusal(method, "/v1/customers/\(id)")
                #expect(refusal?.status == 404)
                #expect(refusal?.code == "resource_missing")
            }
            let cards = try await sandbox.refusal(.get, "/v1/customers/\(id)/payment_methods")
            #expect(cards?.status == 404)
        }
    }

    @Test(arguments: ["nobody", "@example.com", "a@", "a@b@c", "a%20b@example.com"])
    func `what is no e-mail address is refused`(email: String) async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let refusal = try await sandbox.refusal(.post, "/v1/customers", "email=\(email)")
            #expect(refusal?.status == 400)
            #expect(refusal?.code == "email_invalid")
            #expect(refusal?.parameter == "email")
        }
    }

    @Test func `nobody pays as a customer who does not exist, or no longer`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let deleted = try await sandbox.customer()
            try await sandbox.call(.delete, "/v1/customers/\(deleted)")
            let open = try await sandbox.post("/v1/payment_intents", "amount=500&currency=usd")
            let payment = "/v1/payment_intents/\(open["id"]?.string ?? "")"
            for customer in ["cus_nobody", deleted] {
                for (path, form) in [
                    ("/v1/payment_intents", "amount=500&currency=usd&customer=\(customer)"),
                    (payment, "customer=\(customer)"),
                    ("/v1/payment_methods/pm_card_visa/attach", "customer=\(customer)"),
                ] {
                    let refusal = try await sandbox.refusal(.post, path, form)
                    #expect(refusal == .noSuch("customer", customer, parameter: "customer", inPath: false))
                    #expect(refusal?.status == 400)
                }
            }
        }
    }

    @Test func `a payment that waits is not confirmed once its customer is deleted`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let customer = try await sandbox.customer()
            let intent = try await sandbox.post(
                "/v1/payment_intents", "amount=500&currency=usd&customer=\(customer)")
            try await sandbox.call(.delete, "/v1/customers/\(customer)")
            let path = "/v1/payment_intents/\(intent["id"]?.string ?? "")/confirm"
            let refusal = try await sandbox.refusal(.post, path, "payment_method=pm_card_visa")
            #expect(refusal?.message == "No such customer: '\(customer)'")
            #expect(try await sandbox.balance() == 0)
        }
    }

    @Test func `a payment keeps the customer it was made for`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let (one, other) = (try await sandbox.customer(), try await sandbox.customer())
            let intent = try await sandbox.post("/v1/payment_intents", "amount=500&currency=usd")
            let path = "/v1/payment_intents/\(intent["id"]?.string ?? "")"
            #expect(try await sandbox.post(path, "customer=\(one)")["customer"] == .string(one))
            #expect(try await sandbox.post(path, "customer=\(one)&amount=600")["customer"] == .string(one))
            for form in ["customer=\(other)", "customer="] {
                let refusal = try await sandbox.refusal(.post, path, form)
                #expect(refusal?.parameter == "customer")
                #expect(refusal?.message.hasPrefix("You cannot modify `customer`") == true)
            }
            #expect(try await sandbox.ids("/v1/payment_intents", "customer=\(one)").count == 1)
            #expect(try await sandbox.ids("/v1/payment_intents", "customer=\(other)").isEmpty)
        }
    }
}
