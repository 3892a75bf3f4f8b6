import SharedModels
import Testing

@testable import SandboxService

/// The promise under test: a stored card is refused, before any bank is asked, where Stripe refuses it.
@Suite struct SavedCardRefusalTests {
    private let payments = "/v1/payment_intents"

    @Test func `another customer's card pays for nothing`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let (owner, thief) = (try await sandbox.customer(), try await sandbox.customer())
            let card = try await sandbox.savedCard(of: owner)
            let open = try await sandbox.post(payments, "amount=500&currency=usd&customer=\(thief)")
            let path = "\(payments)/\(open["id"]?.string ?? "")"
            for (path, form) in [
                (payments, "amount=500&currency=usd&customer=\(thief)&"),
                (payments, "amount=500&currency=usd&customer=\(thief)&off_session=true&confirm=true&"),
                (path, ""), (path + "/confirm", ""),
            ] {
                let refusal = try #require(
                    try await sandbox.refusal(.post, path, form + "payment_method=\(card)"))
                #expect(refusal.status == 400)
                #expect(refusal.kind == .invalidRequest)
                #expect(refusal.parameter == "payment_method")
                #expect(refusal.message.contains("does not belong to the Customer you supplied \(thief)"))
            }
            #expect(try await sandbox.get(path) == open)
            #expect(try await sandbox.ids(payments, "customer=\(thief)").count == 1)
            #expect(try await sandbox.balance() == 0)
        }
    }

    @Test func `a customer's card does not pay without naming the customer`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let owner = try await sandbox.customer()
            let card = try await sandbox.savedCard(of: owner)
            let refusal = try #require(
                try await sandbox.refusal(
                    .post, payments, "amount=500&currency=usd&payment_method=\(card)&confirm=true"))
            #expect(refusal.code == "parameter_missing")
            #expect(refusal.message.contains("belongs to the Customer \(owner)"))
        }
    }

    @Test func `a card that is detached while a payment waits is refused with the payment`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let customer = try await sandbox.customer()
            let card = try await sandbox.savedCard(of: customer)
            let waiting = try await sandbox.post(
                payments, "amount=500&currency=usd&customer=\(customer)&payment_method=\(card)")
            #expect(waiting["status"] == "requires_confirmation")
            try await sandbox.post("/v1/payment_methods/\(card)/detach")
            let path = "\(payments)/\(waiting["id"]?.string ?? "")/confirm"
            let refusal = try #require(try await sandbox.refusal(.post, path))
            #expect(refusal.message.contains("was detached from a Customer"))
            #expect(refusal.details.first?.value["id"] == waiting["id"])
        }
    }

    @Test func `a payment that sets a card up needs its customer there`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let customer = try await sandbox.customer()
            let card = try await sandbox.savedCard(of: customer)
            let refusal = try await sandbox.refusal(
                .post, payments,
                "amount=500&currency=usd&customer=\(customer)&payment_method=\(card)&confirm=true"
                    + "&off_session=true&setup_future_usage=off_session")
            #expect(refusal?.status == 400)
            #expect(refusal?.message.hasPrefix("You cannot confirm with `off_session=true`") == true)
            #expect(try await sandbox.balance() == 0)
        }
    }

    @Test func `being off session is only said of a payment that is confirmed`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let refusal = try await sandbox.refusal(
                .post, payments, "amount=500&currency=usd&off_session=true")
            #expect(refusal?.parameter == "off_session")
            let odd = try await sandbox.refusal(
                .post, payments,
                "amount=500&currency=usd&off_session=maybe&confirm=true&payment_method=pm_card_visa")
            #expect(odd?.parameter == "off_session")
            let unknown = try await sandbox.refusal(
                .post, payments, "amount=500&currency=usd&setup_future_usage=often")
            #expect(unknown?.parameter == "setup_future_usage")
        }
    }

    @Test func `a payment without a card says what its customer can do about it`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let customer = try await sandbox.customer()
            let refusal = try await sandbox.refusal(
                .post, payments, "amount=500&currency=usd&customer=\(customer)&confirm=true")
            #expect(refusal?.code == "payment_intent_unexpected_state")
            #expect(refusal?.message.contains("attached to this customer") == true)
        }
    }

    @Test func `what the bank has been asked about is not changed any more`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let customer = try await sandbox.customer()
            let held = try await sandbox.held()
            for form in ["customer=\(customer)", "setup_future_usage=off_session"] {
                let refusal = try await sandbox.refusal(.post, "\(payments)/\(held.id)", form)
                #expect(refusal?.code == "payment_intent_unexpected_state")
            }
            #expect(try await sandbox.post("\(payments)/\(held.id)", "description=x")["description"] == "x")
        }
    }
}
