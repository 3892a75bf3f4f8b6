import SharedModels

/// The charges behind payments: the requests to the bank, and their results.
struct Charges: Sendable {
    /// How long a bank holds an amount (https://docs.stripe.com/payments/place-a-hold-on-a-payment-method).
    static let holdLifetime = Duration.days(7)

    let store: StripeObjectStore
    let events: StripeEvents
    let books: Balances
    let disputes: Disputes

    /// Asks the bank for the whole amount of `intent`.
    ///
    /// - Parameters:
    ///   - decline: Why the bank declines, if it does.
    ///   - isHold: Whether the amount is to be captured later.
    func make(
        _ intent: StripeObject, _ card: PresentedCard, decline: CardDecline?, isHold: Bool, _ work: StripeWork
    ) async throws -> StripeObject {
        let isPaid = decline == nil
        let isCaptured = isPaid && !isHold
        let amount = intent.amount("amount")
        let shown = card.shown(at: work.now)
        let id = StripeKind.charge.makeID()
        let income = isCaptured ? try await income(amount, intent.text("currency"), of: id, card.card, work) : nil
        var charge = StripeObject(
            .charge, id: id,
            [
                JSONMember("amount", .integer(amount)),
                JSONMember("amount_captured", .integer(isCaptured ? amount : 0)),
                JSONMember("amount_refunded", 0),
                JSONMember("balance_transaction", JSONValue(income?.id)),
                JSONMember("billing_details", shown["billing_details"] ?? .null),
                JSONMember("calculated_statement_descriptor", "GUILDHALL SANDBOX"),
                JSONMember("captured", .bool(isCaptured)),
                JSONMember("created", JSONValue(unix: work.now)),
                JSONMember("currency", intent["currency"]),
                JSONMember("customer", intent["customer"]),
                JSONMember("description", intent["description"]),
                JSONMember("disputed", false),
                JSONMember("failure_code", JSONValue(decline?.code)),
                JSONMember("failure_message", JSONValue(decline?.message)),
                JSONMember("metadata", intent["metadata"]),
                JSONMember("on_behalf_of", nil),
                JSONMember("outcome", Self.outcome(decline)),
                JSONMember("paid", .bool(isPaid)),
                JSONMember("payment_intent", .string(intent.id)),
                JSONMember("payment_method", .string(card.id)),
                JSONMember(
                    "payment_method_details",
                    [
                        "type": "card",
                        "card": Self.details(shown["card"] ?? .null, isHold && isPaid, amount, work.now),
                    ]),
                JSONMember("receipt_email", intent["receipt_email"]),
                JSONMember("receipt_url", nil),
                JSONMember("refunded", false),
                JSONMember("status", isPaid ? "succeeded" : "failed"),
                JSONMember("transfer_group", intent["transfer_group"]),
            ])
        charge.hidden = ["card": .string(card.card.paymentMethod)]
        try await store.insert(charge, work)
        try await events.emit(isPaid ? "charge.succeeded" : "charge.failed", charge, work)
        if isCaptured, card.card.isDisputed { return try await disputes.open(charge, work).charge }
        return charge
    }

    /// The money of a capture comes in.
    private func income(
        _ amount: Int64, _ currency: String, of charge: String, _ card: TestCard?, _ work: StripeWork
    ) async throws -> StripeObject {
        try await books.bookCharge(
            amount, currency, of: charge, isImmediate: card?.isImmediate ?? false, work)
    }

    /// Turns a hold into money.
    ///
    /// - Parameter amount: In minor units, at most the held amount. The rest is given back.
    func capture(_ id: String, amount: Int64, _ work: StripeWork) async throws {
        guard var charge = try await store.lock(id, .charge, in: work.tx) else {
            throw StripeError.noSuch("charge", id, parameter: "charge", inPath: false)
        }
        charge["captured"] = true
        charge["amount_captured"] = .integer(amount)
        let card = TestCard.of(charge)
        charge["balance_transaction"] = .string(
            try await income(amount, charge.text("currency"), of: id, card, work).id)
        try await store.save(charge, work)
        try await events.emit("charge.captured", charge, work)
        if card?.isDisputed == true { _ = try await disputes.open(charge, work) }
    }

    /// The hold lapsed.
    func expire(_ id: String, _ work: StripeWork) async throws {
        guard let charge = try await store.find(id, .charge, in: work.tx) else { return }
        try await events.emit("charge.expired", charge, work)
    }

    private static func outcome(_ decline: CardDecline?) -> JSONValue {
        [
            "network_status": decline == nil ? "approved_by_network" : "declined_by_network",
            "reason": JSONValue(decline?.declineCode), "risk_level": "normal",
            "seller_message": .string(
                decline == nil ? "Payment complete." : "The bank did not say why it declined."),
            "type": decline == nil ? "authorized" : "issuer_declined",
        ]
    }

    /// - Parameter card: As its PaymentMethod shows it.
    private static func details(_ card: JSONValue, _ isHeld: Bool, _ amount: Int64, _ now: Timestamp)
        -> JSONValue
    {
        var details: JSONValue = [
            "amount_authorized": .integer(amount), "network": card["brand"] ?? .null, "three_d_secure": nil,
            "wallet": nil,
        ]
        details = details.merging(
            ["brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4"].map {
                JSONMember($0, card[$0] ?? .null)
            })
        if isHeld { details = details.setting("capture_before", JSONValue(unix: now + Self.holdLifetime)) }
        return details
    }
}
