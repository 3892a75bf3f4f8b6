import SharedModels

/// Stripe's test cards (https://docs.stripe.com/testing), as far as the sandbox knows them.
struct TestCard: Sendable, Equatable {
    let brand: String
    let last4: String
    var funding = "credit"
    /// Why its bank declines; `nil` when it accepts.
    var decline: CardDecline?
    /// Why its bank declines once the card is stored for a customer.
    var declineWhenStored: CardDecline?
    var authentication = Authentication.never
    /// Whether the bank asks a customer who is present, and the payment waits for that.
    var isChallenged = false
    /// What becomes of refunds to it.
    var refunds = RefundFate.usual
    /// Whether the customer's bank disputes what was captured.
    var isDisputed = false
    /// Whether its money is available at once.
    var isImmediate = false
    /// `pm_card_visa` and the like.
    let paymentMethod: String

    private static let known: [(card: TestCard, aliases: [String])] = [
        (
            TestCard(brand: "visa", last4: "4242", paymentMethod: "pm_card_visa"),
            ["tok_visa", "4242424242424242"]
        ),
        (
            TestCard(
                brand: "visa", last4: "5556", funding: "debit", paymentMethod: "pm_card_visa_debit"),
            ["tok_visa_debit", "4000056655665556"]
        ),
        (
            TestCard(brand: "mastercard", last4: "4444", paymentMethod: "pm_card_mastercard"),
            ["tok_mastercard", "5555555555554444"]
        ),
        (
            TestCard(brand: "amex", last4: "8431", paymentMethod: "pm_card_amex"),
            ["tok_amex", "371449635398431"]
        ),
        (
            TestCard(
                brand: "visa", last4: "0002", decline: .generic, paymentMethod: "pm_card_visa_chargeDeclined"),
            ["pm_card_chargeDeclined", "tok_chargeDeclined", "4000000000000002"]
        ),
        (
            TestCard(
                brand: "visa", last4: "9995", decline: .insufficientFunds,
                paymentMethod: "pm_card_visa_chargeDeclinedInsufficientFunds"),
            [
                "pm_card_chargeDeclinedInsufficientFunds", "tok_chargeDeclinedInsufficientFunds",
                "4000000000009995",
            ]
        ),
        (
            TestCard(
                brand: "visa", last4: "0069", decline: .expired,
                paymentMethod: "pm_card_chargeDeclinedExpiredCard"),
            ["tok_chargeDeclinedExpiredCard", "4000000000000069"]
        ),
        (
            TestCard(
                brand: "visa", last4: "0127", decline: .wrongCode,
                paymentMethod: "pm_card_chargeDeclinedIncorrectCvc"),
            ["tok_chargeDeclinedIncorrectCvc", "4000000000000127"]
        ),
        (
            TestCard(
                brand: "visa", last4: "0341", declineWhenStored: .generic,
                paymentMethod: "pm_card_chargeCustomerFail"),
            ["tok_chargeCustomerFail", "tok_visa_chargeCustomerFail", "4000000000000341"]
        ),
        (
            TestCard(
                brand: "visa", last4: "3155", authentication: .unlessSetUp,
                paymentMethod: "pm_card_authenticationRequiredOnSetup"),
            ["4000002500003155"]
        ),
        (
            TestCard(
                brand: "visa", last4: "3184", authentication: .always,
                paymentMethod: "pm_card_authenticationRequired"),
            ["4000002760003184"]
        ),
        (
            TestCard(
                brand: "visa", last4: "3220", isChallenged: true, paymentMethod: "pm_card_threeDSecure2Required"),
            ["tok_threeDSecure2Required", "4000000000003220"]
        ),
        (
            TestCard(
                brand: "visa", last4: "7726", refunds: .arrivesLater, paymentMethod: "pm_card_pendingRefund"),
            ["tok_pendingRefund", "4000000000007726"]
        ),
        (
            TestCard(brand: "visa", last4: "5126", refunds: .failsLater, paymentMethod: "pm_card_refundFail"),
            ["tok_refundFail", "4000000000005126"]
        ),
        (
            TestCard(brand: "visa", last4: "0259", isDisputed: true, paymentMethod: "pm_card_createDispute"),
            ["tok_createDispute", "4000000000000259"]
        ),
        (
            TestCard(brand: "visa", last4: "0077", isImmediate: true, paymentMethod: "pm_card_bypassPending"),
            ["tok_bypassPending", "4000000000000077"]
        ),
    ]

    /// The card that a charge was made with; `nil` for one from before the sandbox remembered it.
    static func of(_ charge: StripeObject) -> TestCard? { charge.hidden["card"]?.string.flatMap(find) }

    /// The card behind a payment method, a token or a card number.
    static func find(_ name: String) -> TestCard? {
        known.first { $0.card.paymentMethod == name || $0.aliases.contains(name) }?.card
    }

    /// The card a call names: `payment_method`, or the token or number in `payment_method_data`.
    ///
    /// - Returns: `nil` when it names none.
    static func named(by parameters: StripeParameters) throws -> TestCard? {
        let name: String
        if let method = try parameters.text("payment_method") {
            name = method
        } else {
            let card = try parameters.group("payment_method_data").group("card")
            guard let found = try card.text("token") ?? card.text("number")?.filter({ $0 != " " }) else {
                return nil
            }
            name = found
        }
        guard let card = find(name) else {
            // A card number is never repeated, not even a made-up one.
            let shown = name.hasPrefix("pm_") || name.hasPrefix("tok_") ? name : "card"
            throw StripeError.noSuch("PaymentMethod", shown, parameter: "payment_method", inPath: false)
        }
        return card
    }
}

/// What becomes of a refund.
enum RefundFate: String, Sendable, Equatable {
    /// As the settings say.
    case usual
    /// It is pending first.
    case arrivesLater = "arrives_later"
    /// It succeeds, and comes back.
    case failsLater = "fails_later"
}

/// When a bank wants to ask the customer. It only matters for payments in the customer's absence: a customer who is
/// present counts as having answered, unless the card says ``TestCard/isChallenged``.
enum Authentication: Sendable, Equatable {
    case never
    /// Not for a card that was set up for payments without the customer.
    case unlessSetUp
    case always
}
