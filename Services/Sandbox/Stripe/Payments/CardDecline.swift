/// Why a bank declines a card.
enum CardDecline: Sendable, Equatable {
    case generic, insufficientFunds, expired, wrongCode
    /// The customer is absent, and the bank wants to ask them.
    case authenticationRequired

    var code: String {
        switch self {
        case .generic, .insufficientFunds: "card_declined"
        case .expired: "expired_card"
        case .wrongCode: "incorrect_cvc"
        case .authenticationRequired: "authentication_required"
        }
    }

    var declineCode: String {
        switch self {
        case .generic: "generic_decline"
        case .insufficientFunds: "insufficient_funds"
        case .expired: "expired_card"
        case .wrongCode: "incorrect_cvc"
        case .authenticationRequired: "authentication_required"
        }
    }

    var message: String {
        switch self {
        case .generic: "Your card was declined."
        case .insufficientFunds: "Your card has insufficient funds."
        case .expired: "Your card has expired."
        case .wrongCode: "Your card's security code is incorrect."
        case .authenticationRequired: "Your card was declined. This transaction requires authentication."
        }
    }
}
