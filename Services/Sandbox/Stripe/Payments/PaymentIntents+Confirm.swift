import SharedModels

extension PaymentIntents {
    /// Asks the card's bank. If it accepts and the payment is to set the card up for its customer, stores the card
    /// first, so that the payment and its charge carry the stored one.
    ///
    /// - Parameters:
    ///   - card: `nil` when no card was named.
    ///   - isOffSession: Whether the customer is absent.
    ///   - bank: What the bank does; by default what the card says.
    /// - Returns: The payment, and the refusal when the bank declined. Both must be stored.
    /// - Throws: ``StripeError`` when the bank must not be asked at all.
    func confirm(
        _ intent: StripeObject, _ card: PresentedCard?, isOffSession: Bool = false,
        bank: BankManner = .usual, _ work: StripeWork
    ) async throws -> (intent: StripeObject, refusal: StripeError?) {
        let card = try await usable(card, for: intent, isOffSession: isOffSession, work)
        let isChallenged = bank == .challenges || (bank == .usual && card.card.isChallenged)
        switch bank {
        case .delays: return (try await wait(for: card, intent, .delay, work), nil)
        case .declines: return try await decide(intent, card, .generic, work)
        case .usual, .challenges: break
        }
        if isChallenged, isOffSession { return try await decide(intent, card, .authenticationRequired, work) }
        if isChallenged { return (try await wait(for: card, intent, .challenge, work), nil) }
        return try await decide(intent, card, card.decline(isOffSession: isOffSession), work)
    }

    /// The bank, or the customer whom it asked, answers at last.
    func answer(_ intent: StripeObject, isYes: Bool, _ work: StripeWork) async throws -> (
        intent: StripeObject, refusal: StripeError?
    ) {
        _ = try intent.moved(by: .charge)
        guard let card = try await methods.find(intent.text("payment_method"), in: work.tx) else {
            throw Self.missingMethod(intent, intent["customer"].string)
        }
        return try await decide(intent, card, isYes ? nil : .generic, work)
    }

    /// The payment waits for the bank, or for the customer whom the bank asks.
    private func wait(
        for card: PresentedCard, _ intent: StripeObject, _ move: IntentStatus.Event, _ work: StripeWork
    ) async throws -> StripeObject {
        var intent = try intent.moved(by: move)
        let isChallenge = move == .challenge
        intent["payment_method"] = .string(card.id)
        intent["last_payment_error"] = nil
        intent["next_action"] =
            isChallenge
            ? ["type": "use_stripe_sdk", "use_stripe_sdk": ["type": "stripe_3ds2_fingerprint"]] : nil
        intent["processing"] = isChallenge ? nil : ["type": "card", "card": .object([])]
        try await store.save(intent, work)
        try await events.emit(
            isChallenge ? "payment_intent.requires_action" : "payment_intent.processing", intent, work)
        return intent
    }

    private func decide(
        _ intent: StripeObject, _ card: PresentedCard, _ decline: CardDecline?, _ work: StripeWork
    ) async throws -> (intent: StripeObject, refusal: StripeError?) {
        let isHold = intent.text("capture_method") == CaptureMethod.manual.rawValue
        if let decline { return try await refuse(intent, card, decline, isHold: isHold, work) }
        var intent = try intent.moved(by: isHold ? .hold : .charge)
        let used = try await setUp(card, by: intent, work)
        let charge = try await charges.make(intent, used, decline: nil, isHold: isHold, work)
        intent["latest_charge"] = .string(charge.id)
        intent["payment_method"] = .string(used.id)
        intent["last_payment_error"] = nil
        intent["next_action"] = nil
        intent["processing"] = nil
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
        intent["next_action"] = nil
        intent["processing"] = nil
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
        // Not while the bank is at it.
        _ = try intent.moved(by: .challenge)
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
