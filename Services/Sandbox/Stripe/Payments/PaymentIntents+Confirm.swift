import SharedModels

extension PaymentIntents {
    /// Asks the card's bank. If it accepts and the payment is to set the card up for its customer, stores the card
    /// first, so that the payment and its charge carry the stored one.
    ///
    /// - Parameters:
    ///   - card: `nil` when no card was named.
    ///   - isOffSession: Whether the customer is absent.
    ///   - decline: Why the bank must decline; `nil` lets the card decide.
    /// - Returns: The payment, and the refusal when the bank declined. Both must be stored.
    /// - Throws: ``StripeError`` when the bank must not be asked at all.
    func confirm(
        _ intent: StripeObject, _ card: PresentedCard?, isOffSession: Bool = false,
        decline forced: CardDecline?, _ work: StripeWork
    ) async throws -> (intent: StripeObject, refusal: StripeError?) {
        let card = try await usable(card, for: intent, isOffSession: isOffSession, work)
        let decline = forced ?? card.decline(isOffSession: isOffSession)
        let isHold = intent.text("capture_method") == CaptureMethod.manual.rawValue
        if let decline { return try await refuse(intent, card, decline, isHold: isHold, work) }
        var intent = try intent.moved(by: isHold ? .hold : .charge)
        let used = try await setUp(card, by: intent, work)
        let charge = try await charges.make(intent, used, decline: nil, isHold: isHold, work)
        intent["latest_charge"] = .string(charge.id)
        intent["payment_method"] = .string(used.id)
        intent["last_payment_error"] = nil
        intent[isHold ? "amount_capturable" : "amount_received"] = intent["amount"]
        if isHold { intent.dueAt = work.now + Charges.holdLifetime }
        try await store.save(intent, work)
        try await events.emit(
            isHold ? "payment_intent.amount_capturable_updated" : "payment_intent.succeeded", intent, work)
        return (intent, nil)
    }

    /// The bank says no.
    private func refuse(
        _ intent: StripeObject, _ card: PresentedCard, _ decline: CardDecline, isHold: Bool,
        _ work: StripeWork
    ) async throws -> (intent: StripeObject, refusal: StripeError?) {
        var intent = try intent.moved(by: .decline)
        let charge = try await charges.make(intent, card, decline: decline, isHold: isHold, work)
        var refusal = StripeError.declined(
            decline,
            details: [
                JSONMember("charge", .string(charge.id)),
                JSONMember("payment_method", card.shown(at: work.now)),
            ])
        intent["latest_charge"] = .string(charge.id)
        intent["payment_method"] = nil
        intent["last_payment_error"] = refusal.json
        try await store.save(intent, work)
        try await events.emit("payment_intent.payment_failed", intent, work)
        refusal.details.append(JSONMember("payment_intent", intent.body))
        return (intent, refusal)
    }

    /// The card to confirm with, if the payment can be confirmed, its customer still exists, and the card belongs to
    /// the customer.
    private func usable(
        _ card: PresentedCard?, for intent: StripeObject, isOffSession: Bool, _ work: StripeWork
    ) async throws -> PresentedCard {
        _ = try intent.moved(by: .charge)
        let customer = intent["customer"].string
        guard let card else { throw Self.missingMethod(intent, customer) }
        if isOffSession, !intent["setup_future_usage"].isNull {
            throw StripeError.invalid(
                nil,
                "You cannot confirm with `off_session=true` when `setup_future_usage` is also set on the "
                    + "PaymentIntent. The customer needs to be on-session to perform the steps which may be "
                    + "required to set up the PaymentMethod for future usage. Please confirm this "
                    + "PaymentIntent with your customer on-session.")
        }
        if let customer { try await customers.check(customer, in: work.tx) }
        try card.check(ownedBy: customer, for: intent)
        return card
    }

    private func setUp(_ card: PresentedCard, by intent: StripeObject, _ work: StripeWork) async throws
        -> PresentedCard
    {
        guard let customer = intent["customer"].string,
            let usage = SetupFutureUsage(rawValue: intent.text("setup_future_usage"))
        else { return card }
        return try await methods.setUp(card, for: customer, usage, work)
    }

    private static func missingMethod(_ intent: StripeObject, _ customer: String?) -> StripeError {
        let remedy =
            if let customer {
                "To confirm the PaymentIntent with \(customer), specify a payment method attached to this "
                    + "customer along with the customer ID."
            } else {
                "You can either update the PaymentIntent with a payment method and then confirm it again, "
                    + "or confirm it again directly with a payment method."
            }
        var refusal = StripeError.invalid(
            "payment_intent_unexpected_state",
            "You cannot confirm this PaymentIntent because it's missing a payment method. " + remedy)
        refusal.details = [JSONMember("payment_intent", intent.body)]
        return refusal
    }
}
