import SharedModels
import Testing

@testable import SandboxService

/// The promise under test: a card that a customer's payment has set up can pay again without the customer, and for
/// nobody else.
@Suite struct SavedCardTests {
    private let payments = "/v1/payment_intents"

    @Test func `a payment that sets up its card stores it for the customer`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let customer = try await sandbox.customer()
            let card = try await sandbox.savedCard(of: customer)
            #expect(card.hasPrefix("pm_1"))
            let found = try await sandbox.ids(payments, "customer=\(customer)&limit=100")
            let intent = try await sandbox.get(
                "\(payments)/\(found.first ?? "")",
                "expand[]=latest_charge&expand[]=payment_method&expand[]=customer")
            #expect(intent["status"] == "requires_capture")
            #expect(intent["setup_future_usage"] == "off_session")
            #expect(intent["payment_method"]?["id"] == .string(card))
            #expect(intent["payment_method"]?["customer"] == .string(customer))
            #expect(intent["customer"]?["id"] == .string(customer))
            #expect(intent["latest_charge"]?["payment_method"] == .string(card))
            #expect(intent["latest_charge"]?["customer"] == .string(customer))
            #expect(try await sandbox.ids("/v1/charges", "customer=\(customer)").count == 1)
            #expect(
                try await sandbox.eventTypes().suffix(4) == [
                    "payment_intent.created", "payment_method.attached", "charge.succeeded",
                    "payment_intent.amount_capturable_updated",
                ])
        }
    }

    @Test(arguments: ["latest_charge.payment_method", "id", "latest_charge.id", "status", "latest_charge.nothing"])
    func `what Stripe does not expand stays an id, and is refused`(path: String) async throws {
        try await SandboxFixture.use { sandbox in
            let customer = try await sandbox.customer()
            _ = try await sandbox.savedCard(of: customer)
            let id = try await sandbox.ids(payments, "customer=\(customer)").first ?? ""
            let refusal = try await sandbox.refusal(.get, "\(payments)/\(id)", "expand[]=\(path)")
            #expect(refusal?.status == 400 && refusal?.parameter == "expand")
        }
    }

    @Test(arguments: ["", "setup_future_usage=off_session", "customer="])
    func `nothing is stored without both a customer and a use for it`(form: String) async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let customer = try await sandbox.customer()
            let form = form == "customer=" ? form + customer : form
            let intent = try await sandbox.post(
                payments, "amount=500&currency=usd&payment_method=pm_card_visa&confirm=true&\(form)")
            #expect(intent["status"] == "succeeded")
            #expect(intent["payment_method"] == "pm_card_visa")
            #expect(try await sandbox.store.findBodies(.paymentMethod, in: sandbox.database).isEmpty)
        }
    }

    @Test func `the browser may say who the cardholder is, and what else the card is for`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let customer = try await sandbox.customer()
            let intent = try await sandbox.post(payments, "amount=500&currency=usd&customer=\(customer)")
            let confirmed = try await sandbox.post(
                "\(payments)/\(intent["id"]?.string ?? "")/confirm",
                "setup_future_usage=on_session&payment_method_data[type]=card"
                    + "&payment_method_data[card][number]=4242+4242+4242+4242"
                    + "&payment_method_data[billing_details][name]=Ada"
                    + "&payment_method_data[billing_details][address][postal_code]=10115"
                    + "&expand[]=payment_method&expand[]=latest_charge")
            let details = confirmed["payment_method"]?["billing_details"]
            #expect(confirmed["setup_future_usage"] == "on_session")
            #expect(details?["name"] == "Ada")
            #expect(details?["address"]?["postal_code"] == "10115")
            #expect(confirmed["latest_charge"]?["billing_details"] == details)
        }
    }

    @Test func `a card that is declined is not stored`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let customer = try await sandbox.customer()
            let error = try await sandbox.decline(
                payments,
                "amount=500&currency=usd&customer=\(customer)&setup_future_usage=off_session&confirm=true"
                    + "&payment_method=pm_card_chargeDeclined")
            #expect(error["code"] == "card_declined")
            #expect(try await sandbox.store.findBodies(.paymentMethod, in: sandbox.database).isEmpty)
        }
    }

    @Test func `a stored card pays without its customer, as often as it is asked`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let customer = try await sandbox.customer()
            let card = try await sandbox.savedCard(of: customer)
            for count in 1...2 as ClosedRange<Int64> {
                let intent = try await sandbox.post(
                    payments, offSession(customer, card) + "&metadata[payment_id]=\(count)")
                #expect(intent["status"] == "succeeded")
                #expect(intent["payment_method"] == .string(card))
                #expect(intent["metadata"] == ["payment_id": .string("\(count)")])
                #expect(try await sandbox.balance() == 700 * count)
            }
            #expect(try await sandbox.ids(payments, "customer=\(customer)").count == 3)
            #expect(try await sandbox.ids("/v1/payment_methods", "customer=\(customer)") == [card])
        }
    }

    @Test func `a stored card that its bank declines leaves the payment without a card`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let customer = try await sandbox.customer()
            let card = try await sandbox.savedCard(of: customer, "pm_card_chargeCustomerFail")
            let error = try await sandbox.decline(payments, offSession(customer, card))
            #expect(error["type"] == "card_error")
            #expect(error["code"] == "card_declined")
            #expect(error["decline_code"] == "generic_decline")
            #expect(error["payment_method"]?["id"] == .string(card))
            let intent = try #require(error["payment_intent"])
            #expect(intent["status"] == "requires_payment_method")
            #expect(intent["payment_method"] == .null)
            #expect(intent["customer"] == .string(customer))
            #expect(intent["last_payment_error"]?["payment_method"]?["id"] == .string(card))
            #expect(try await sandbox.ids(payments, "customer=\(customer)").first == intent["id"]?.string)
            #expect(try await sandbox.balance() == 0)
            #expect(try await sandbox.ids("/v1/payment_methods", "customer=\(customer)") == [card])
        }
    }

    @Test func `a card that is always to be authenticated pays only while the customer is there`()
        async throws
    {
        try await SandboxFixture.use { (sandbox) async throws in
            let customer = try await sandbox.customer()
            let card = try await sandbox.savedCard(of: customer, "pm_card_authenticationRequired")
            let error = try await sandbox.decline(payments, offSession(customer, card))
            #expect(error["code"] == "authentication_required")
            #expect(error["decline_code"] == "authentication_required")
            #expect(error["payment_intent"]?["status"] == "requires_payment_method")
            #expect(try await sandbox.balance() == 0)
            let path = "\(payments)/\(error["payment_intent"]?["id"]?.string ?? "")/confirm"
            #expect(try await sandbox.post(path, "payment_method=\(card)")["status"] == "succeeded")
            #expect(try await sandbox.balance() == 700)
        }
    }

    @Test func `a card to be authenticated unless set up pays once it was set up for that`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let name = "pm_card_authenticationRequiredOnSetup"
            let customer = try await sandbox.customer()
            let byHand = try await sandbox.post(
                "/v1/payment_methods/\(name)/attach", "customer=\(customer)")["id"]?.string
            let onSession = try await sandbox.savedCard(of: customer, name, usage: "on_session")
            for card in [try #require(byHand), onSession] {
                let error = try await sandbox.decline(payments, offSession(customer, card))
                #expect(error["code"] == "authentication_required")
            }
            // A card that was stored in another way can be set up later, and stays the same card.
            #expect(try await sandbox.savedCard(of: customer, onSession) == onSession)
            let fresh = try await sandbox.savedCard(of: customer, name)
            for card in [onSession, fresh] {
                #expect(try await sandbox.post(payments, offSession(customer, card))["status"] == "succeeded")
            }
        }
    }

    private func offSession(_ customer: String, _ card: String) -> String {
        "amount=700&currency=usd&customer=\(customer)&payment_method=\(card)&off_session=true&confirm=true"
    }
}
