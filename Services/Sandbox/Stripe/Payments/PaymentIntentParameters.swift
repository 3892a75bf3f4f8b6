import SharedModels

/// The parameters of a payment, except its amount and its card.
struct PaymentIntentParameters: Sendable {
    static let ofCreation = ofUpdate.union(["capture_method", "confirm", "off_session"])
    static let ofUpdate = payment.union(texts).union(ignored).union(["metadata"])
    static let ofConfirmation = cards.union(ignored).union([
        "capture_method", "receipt_email", "off_session", "setup_future_usage",
    ])

    private static let cards: Set<String> = ["payment_method", "payment_method_data"]
    /// These can be changed as long as the bank has not been asked.
    private static let payment = cards.union(["amount", "currency", "customer", "setup_future_usage"])
    /// Stored, but without a meaning to the sandbox.
    private static let texts = ["description", "receipt_email", "statement_descriptor", "transfer_group"]
    private static let ignored: Set<String> = [
        "automatic_payment_methods", "payment_method_types", "payment_method_options", "return_url",
        "statement_descriptor_suffix", "use_stripe_sdk", "shipping", "mandate_data", "confirmation_method",
        "error_on_requires_action", "radar_options",
    ]

    let customers: Customers

    /// The members that the call sets.
    ///
    /// - Parameter intent: The payment so far; `nil` when it is being created.
    func details(_ call: StripeCall, of intent: StripeObject?) async throws -> [JSONMember] {
        let parameters = call.parameters
        let metadata = try parameters.metadata(over: intent?["metadata"] ?? .object([]))
        var details = [JSONMember("metadata", metadata)]
        for name in Self.texts where parameters.names.contains(name) {
            details.append(JSONMember(name, JSONValue(try parameters.text(name))))
        }
        if parameters.names.contains("setup_future_usage") {
            let usage = try SetupFutureUsage.read(parameters)
            details.append(JSONMember("setup_future_usage", JSONValue(usage?.rawValue)))
        }
        if parameters.names.contains("customer") {
            details.append(JSONMember("customer", JSONValue(try await customer(call, of: intent))))
        }
        return details
    }

    /// The customer, who must exist. Once named, the customer cannot be changed.
    private func customer(_ call: StripeCall, of intent: StripeObject?) async throws -> String? {
        let id = try call.parameters.text("customer")
        if let known = intent?["customer"].string, known != id {
            throw StripeError.invalid(
                nil,
                "You cannot modify `customer` on a PaymentIntent once it already has been set. To fulfill a "
                    + "payment with a different Customer, cancel this PaymentIntent and create a new one.",
                "customer")
        }
        if let id { try await customers.check(id, in: call.tx) }
        return id
    }

    /// Whether an update concerns the payment itself, which cannot change once the bank has been asked.
    static func changesPayment(_ parameters: StripeParameters) -> Bool {
        !payment.isDisjoint(with: parameters.names)
    }

    /// Whether the customer is absent. Stripe also accepts a reason here.
    static func isOffSession(_ parameters: StripeParameters) throws(StripeError) -> Bool {
        if let reason = try parameters.text("off_session"), ["one_off", "recurring"].contains(reason) {
            return true
        }
        return try parameters.flag("off_session") ?? false
    }

    /// Refuses parameters about the confirmation when nothing is to be confirmed.
    static func checkUnconfirmed(_ parameters: StripeParameters) throws(StripeError) {
        guard !parameters.names.contains("off_session") else {
            throw .invalid(
                nil,
                "The parameter `off_session` cannot be passed when creating a PaymentIntent unless `confirm` "
                    + "is set to true.", "off_session")
        }
    }
}
