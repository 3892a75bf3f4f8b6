import SharedModels

/// Payments: made, confirmed with a card, captured, cancelled.
struct PaymentIntents: Sendable {
    let store: StripeObjectStore
    let events: StripeEvents
    let charges: Charges

    /// - Parameters:
    ///   - amount: In minor units.
    ///   - details: Members of the request that are kept as they are.
    func create(
        amount: Int64, currency: String, captureMethod: CaptureMethod, card: TestCard?, details: [JSONMember],
        _ work: StripeWork
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
                JSONMember("payment_method", JSONValue(card?.paymentMethod)),
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

    /// Asks the card's bank.
    ///
    /// - Parameter decline: Why the bank is to say no; `nil` leaves it to the card.
    /// - Returns: The payment, and the refusal when the bank said no. Both are to be kept.
    func confirm(
        _ intent: StripeObject, _ card: TestCard, decline forced: CardDecline?, _ work: StripeWork
    ) async throws -> (intent: StripeObject, refusal: StripeError?) {
        let decline = forced ?? card.decline
        let isHold = intent.text("capture_method") == CaptureMethod.manual.rawValue
        let move: IntentStatus.Move = decline != nil ? .decline : isHold ? .hold : .charge
        var intent = try moved(intent, by: move)
        let charge = try await charges.make(intent, card, decline: decline, isHold: isHold, work)
        intent["latest_charge"] = .string(charge.id)
        if let decline {
            var refusal = StripeError.declined(decline, details: [JSONMember("charge", .string(charge.id))])
            intent["payment_method"] = nil
            intent["last_payment_error"] = refusal.json.setting(
                "payment_method", Self.paymentMethod(card, work.now))
            try await store.save(intent, work)
            try await events.emit("payment_intent.payment_failed", intent, work)
            refusal.details.append(JSONMember("payment_intent", intent.body))
            return (intent, refusal)
        }
        intent["payment_method"] = .string(card.paymentMethod)
        intent["last_payment_error"] = nil
        intent[isHold ? "amount_capturable" : "amount_received"] = intent["amount"]
        if isHold { intent.dueAt = work.now + Charges.holdLifetime }
        try await store.save(intent, work)
        try await events.emit(
            isHold ? "payment_intent.amount_capturable_updated" : "payment_intent.succeeded", intent, work)
        return (intent, nil)
    }

    /// - Parameter amount: In minor units; `nil` is all of it.
    func capture(_ intent: StripeObject, amount: Int64?, _ work: StripeWork) async throws -> StripeObject {
        let capturable = intent.amount("amount_capturable")
        var captured = try moved(intent, by: .capture)
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

    /// The bank lets a hold go that nobody captured in time.
    func lapse(_ intent: StripeObject, _ work: StripeWork) async throws {
        let ended = try await end(intent, by: .lapse, reason: "automatic", work)
        try await charges.expire(ended.text("latest_charge"), work)
    }

    private func end(
        _ intent: StripeObject, by move: IntentStatus.Move, reason: String?, _ work: StripeWork
    ) async throws -> StripeObject {
        var ended = try moved(intent, by: move)
        ended["amount_capturable"] = 0
        ended["canceled_at"] = JSONValue(unix: work.now)
        ended["cancellation_reason"] = JSONValue(reason)
        ended.dueAt = nil
        try await store.save(ended, work)
        try await events.emit("payment_intent.canceled", ended, work)
        return ended
    }

    /// `intent` with the status that follows.
    ///
    /// - Throws: ``StripeError`` with `payment_intent_unexpected_state` when there is none.
    func moved(_ intent: StripeObject, by move: IntentStatus.Move) throws(StripeError) -> StripeObject {
        guard let next = IntentStatus(rawValue: intent.text("status"))?.after(move) else {
            var refusal = StripeError.invalid(
                "payment_intent_unexpected_state",
                "This PaymentIntent could not be \(move.pastTense) because it has a status of "
                    + "\(intent.text("status")). "
                    + "Only a PaymentIntent with one of the following statuses may be \(move.pastTense): "
                    + "\(IntentStatus.allowing(move)).")
            refusal.details = [JSONMember("payment_intent", intent.body)]
            throw refusal
        }
        var moved = intent
        moved["status"] = .string(next.rawValue)
        return moved
    }

    private static func paymentMethod(_ card: TestCard, _ now: Timestamp) -> JSONValue {
        [
            "id": .string(card.paymentMethod), "object": "payment_method", "created": JSONValue(unix: now),
            "livemode": false,
            "type": "card", "card": ["brand": .string(card.brand), "last4": .string(card.last4)],
        ]
    }
}

/// When the bank pays: at once, or when told.
enum CaptureMethod: String, CaseIterable, Sendable {
    case automatic, manual
    case automaticAsync = "automatic_async"
}
