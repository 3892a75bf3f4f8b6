import SharedModels

/// Payments: creating, capturing and cancelling them. `PaymentIntents+Confirm.swift` confirms them.
struct PaymentIntents: Sendable {
    let store: StripeObjectStore
    let events: StripeEvents
    let charges: Charges
    let customers: Customers
    let methods: PaymentMethods

    /// - Parameters:
    ///   - amount: In minor units.
    ///   - details: Members of the request that are kept as they are.
    func create(
        amount: Int64, currency: String, captureMethod: CaptureMethod, card: PresentedCard?,
        details: [JSONMember], _ work: StripeWork
    ) async throws -> StripeObject {
        try Currencies.check(payment: amount, currency)
        let id = StripeKind.paymentIntent.makeID()
        let status = card == nil ? IntentStatus.requiresPaymentMethod : .requiresConfirmation
        let intent = StripeObject(
            .paymentIntent, id: id,
            [
                JSONMember("amount", .integer(amount)),
                JSONMember("amount_capturable", 0),
                JSONMember("amount_received", 0),
                JSONMember("application_fee_amount", nil),
                JSONMember("automatic_payment_methods", nil),
                JSONMember("canceled_at", nil),
                JSONMember("cancellation_reason", nil),
                JSONMember("capture_method", .string(captureMethod.rawValue)),
                JSONMember("client_secret", .string("\(id)_secret_\(RandomText.alphanumeric(25))")),
                JSONMember("confirmation_method", "automatic"),
                JSONMember("created", JSONValue(unix: work.now)),
                JSONMember("currency", .string(currency)),
                JSONMember("customer", nil),
                JSONMember("description", nil),
                JSONMember("last_payment_error", nil),
                JSONMember("latest_charge", nil),
                JSONMember("metadata", .object([])),
                JSONMember("next_action", nil),
                JSONMember("on_behalf_of", nil),
                JSONMember("payment_method", JSONValue(card?.id)),
                JSONMember("payment_method_options", .object([])),
                JSONMember("payment_method_types", ["card"]),
                JSONMember("processing", nil),
                JSONMember("receipt_email", nil),
                JSONMember("setup_future_usage", nil),
                JSONMember("shipping", nil),
                JSONMember("statement_descriptor", nil),
                JSONMember("status", .string(status.rawValue)),
                JSONMember("transfer_data", nil),
                JSONMember("transfer_group", nil),
            ])
        var complete = intent
        for member in details { complete[member.name] = member.value }
        try await store.insert(complete, work)
        try await events.emit("payment_intent.created", complete, work)
        return complete
    }

    /// - Parameter amount: In minor units; `nil` is all of it.
    func capture(_ intent: StripeObject, amount: Int64?, _ work: StripeWork) async throws -> StripeObject {
        let capturable = intent.amount("amount_capturable")
        var captured = try intent.moved(by: .capture)
        let amount = amount ?? capturable
        guard amount > 0 else {
            throw StripeError.invalid(
                "parameter_invalid_integer", "Invalid positive integer", "amount_to_capture")
        }
        guard amount <= capturable else {
            throw StripeError.invalid(
                "amount_too_large", "The requested capture amount is greater than the authorized amount.",
                "amount_to_capture")
        }
        captured["amount_capturable"] = 0
        captured["amount_received"] = .integer(amount)
        captured.dueAt = nil
        try await charges.capture(captured.text("latest_charge"), amount: amount, work)
        try await store.save(captured, work)
        try await events.emit("payment_intent.succeeded", captured, work)
        return captured
    }

    func cancel(_ intent: StripeObject, reason: String?, _ work: StripeWork) async throws -> StripeObject {
        try await end(intent, by: .cancel, reason: reason, work)
    }

    /// The bank ends a hold that nobody captured in time.
    func lapse(_ intent: StripeObject, _ work: StripeWork) async throws {
        let ended = try await end(intent, by: .lapse, reason: "automatic", work)
        try await charges.expire(ended.text("latest_charge"), work)
    }

    private func end(
        _ intent: StripeObject, by move: IntentStatus.Event, reason: String?, _ work: StripeWork
    ) async throws -> StripeObject {
        var ended = try intent.moved(by: move)
        ended["amount_capturable"] = 0
        ended["canceled_at"] = JSONValue(unix: work.now)
        ended["cancellation_reason"] = JSONValue(reason)
        ended.dueAt = nil
        try await store.save(ended, work)
        try await events.emit("payment_intent.canceled", ended, work)
        return ended
    }
}

/// When the bank pays: at once, or on request.
enum CaptureMethod: String, CaseIterable, Sendable {
    case automatic, manual
    case automaticAsync = "automatic_async"
}

/// Further uses of the card: payments that the customer makes, or also payments in the customer's absence.
enum SetupFutureUsage: String, CaseIterable, Sendable {
    case offSession = "off_session"
    case onSession = "on_session"

    /// - Returns: `nil` when the parameter is missing or empty.
    static func read(_ parameters: StripeParameters) throws(StripeError) -> SetupFutureUsage? {
        guard try parameters.text("setup_future_usage") != nil else { return nil }
        return try parameters.choice("setup_future_usage", default: .offSession)
    }
}
