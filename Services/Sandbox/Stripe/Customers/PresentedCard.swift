import SharedModels

/// The card for a payment: a test card itself, or one that is stored for a customer.
struct PresentedCard: Sendable {
    let card: TestCard
    /// The PaymentMethod that it is stored as; `nil` when it is not.
    let stored: StripeObject?
    private let billingDetails: JSONValue

    /// - Parameter billingDetails: The card's owner, in the form of ``BillingDetails``.
    init(card: TestCard, billingDetails: JSONValue = BillingDetails.none) {
        self.card = card
        self.billingDetails = billingDetails
        stored = nil
    }

    /// A stored card.
    ///
    /// - Returns: `nil` when the sandbox no longer knows the test card.
    init?(_ method: StripeObject) {
        guard let card = method.hidden["card"]?.string.flatMap(TestCard.find) else { return nil }
        self.card = card
        billingDetails = method["billing_details"]
        stored = method
    }

    /// What a payment made with it shows as its `payment_method`.
    var id: String { stored?.id ?? card.paymentMethod }

    /// Why its bank declines; `nil` when it accepts.
    func decline(isOffSession: Bool) -> CardDecline? {
        if let decline = card.decline { return decline }
        if stored != nil, let decline = card.declineWhenStored { return decline }
        guard isOffSession else { return nil }
        return switch card.authentication {
        case .never: nil
        case .unlessSetUp: stored?.hidden["is_set_up"] == true ? nil : .authenticationRequired
        case .always: .authenticationRequired
        }
    }

    /// Refuses a stored card that does not belong to the paying customer. Anybody may use a card that is not stored.
    ///
    /// - Parameter intent: What the refusal shows; `nil` when the payment is still to be made.
    func check(ownedBy customer: String?, for intent: StripeObject?) throws(StripeError) {
        guard let stored else { return }
        var refusal: StripeError
        switch (stored["customer"].string, customer) {
        case (let owner?, let customer?) where owner == customer: return
        case (nil, _):
            refusal = .invalid(
                nil,
                "The provided PaymentMethod was previously used with a PaymentIntent without Customer "
                    + "attachment, shared with a connected account without Customer attachment, or was "
                    + "detached from a Customer. It may not be used again. To use a PaymentMethod multiple "
                    + "times, you must attach it to a Customer first.")
        case (let owner?, nil):
            // Stripe still calls the parameter by its old name here.
            refusal = .invalid(
                "parameter_missing",
                "The `payment_method` parameter supplied \(stored.id) belongs to the Customer \(owner). "
                    + "Please include the Customer in the `customer` parameter on the PaymentIntent.",
                "source")
        case (_?, let customer?):
            refusal = .invalid(
                nil,
                "The PaymentMethod \(stored.id) does not belong to the Customer you supplied \(customer). "
                    + "Please use this PaymentMethod with the Customer that it belongs to instead.",
                "payment_method")
        }
        if let intent { refusal.details = [JSONMember("payment_intent", intent.body)] }
        throw refusal
    }

    /// The PaymentMethod as it is shown: the stored one, or one by the test card's name.
    func shown(at now: Timestamp) -> JSONValue {
        (stored ?? paymentMethod(id: card.paymentMethod, customer: nil, at: now)).body
    }

    /// A new PaymentMethod of this card.
    ///
    /// - Parameter id: `nil` to make one up.
    func paymentMethod(id: String? = nil, customer: String?, at now: Timestamp) -> StripeObject {
        var method = StripeObject(
            .paymentMethod, id: id,
            [
                JSONMember("allow_redisplay", "unspecified"),
                JSONMember("billing_details", billingDetails),
                JSONMember("card", card.json(at: now)),
                JSONMember("created", JSONValue(unix: now)),
                JSONMember("customer", JSONValue(customer)),
                JSONMember("metadata", .object([])),
                JSONMember("type", "card"),
            ])
        method.hidden = ["card": .string(card.paymentMethod), "is_set_up": false]
        return method
    }
}

extension TestCard {
    /// The card as a PaymentMethod shows it.
    fileprivate func json(at now: Timestamp) -> JSONValue {
        [
            "brand": .string(brand),
            "checks": [
                "address_line1_check": nil, "address_postal_code_check": nil, "cvc_check": "pass",
            ],
            "country": "US", "exp_month": 12, "exp_year": .integer(Int64(now.day.civil.year) + 3),
            // The same for the same card number, wherever it is stored.
            "fingerprint": .string(String(StableHash.of(paymentMethod), radix: 36)),
            "funding": .string(funding), "generated_from": nil, "last4": .string(last4),
            "networks": ["available": [.string(brand)], "preferred": nil],
            "three_d_secure_usage": ["supported": true], "wallet": nil,
        ]
    }
}
