import SharedModels

/// What the provider made of an action, as far as it is certain.
enum ActionOutcome: Sendable, Equatable {
    /// The payment is there for the client to confirm.
    case begun(PaymentIntent)
    case captured
    case cancelled
    /// The provider had let the hold go before us.
    case lapsed
    /// So much of the captured money is on its way back to the client.
    case refunded(Money)
    case transferred(id: String)
    /// It said no, and nothing has changed.
    case refused(reason: String)

    /// For the log: without the secrets of a payment.
    var name: String {
        switch self {
        case .begun: "begun"
        case .captured: "captured"
        case .cancelled: "cancelled"
        case .lapsed: "lapsed"
        case .refunded: "refunded"
        case .transferred: "transferred"
        case .refused: "refused"
        }
    }
}
