import SharedModels

/// Stripe's test cards (https://docs.stripe.com/testing), as far as the sandbox knows them.
struct TestCard: Sendable, Equatable {
    let brand: String
    let last4: String
    /// Why its bank says no; `nil` when it says yes.
    var decline: CardDecline?
    /// `pm_card_visa` and the like.
    let paymentMethod: String

    private static let known: [(card: TestCard, aliases: [String])] = [
        (
            TestCard(brand: "visa", last4: "4242", paymentMethod: "pm_card_visa"),
            ["tok_visa", "4242424242424242"]
        ),
        (
            TestCard(brand: "visa", last4: "5556", paymentMethod: "pm_card_visa_debit"),
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
    ]

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
            // A number is not repeated, even a made-up one.
            let shown = name.hasPrefix("pm_") || name.hasPrefix("tok_") ? name : "card"
            throw StripeError.noSuch("PaymentMethod", shown, parameter: "payment_method", inPath: false)
        }
        return card
    }
}

/// Why a bank declines a card.
enum CardDecline: Sendable, Equatable {
    case generic, insufficientFunds, expired, wrongCode

    var code: String {
        switch self {
        case .generic, .insufficientFunds: "card_declined"
        case .expired: "expired_card"
        case .wrongCode: "incorrect_cvc"
        }
    }

    var declineCode: String {
        switch self {
        case .generic: "generic_decline"
        case .insufficientFunds: "insufficient_funds"
        case .expired: "expired_card"
        case .wrongCode: "incorrect_cvc"
        }
    }

    var message: String {
        switch self {
        case .generic: "Your card was declined."
        case .insufficientFunds: "Your card has insufficient funds."
        case .expired: "Your card has expired."
        case .wrongCode: "Your card's security code is incorrect."
        }
    }
}
