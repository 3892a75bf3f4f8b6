import SharedModels

/// The certain outcome of an action at the provider.
enum ActionOutcome: Sendable, Equatable {
    /// The payment exists, and the client can confirm it.
    case begun(PaymentIntent)
    case captured
    case cancelled
    /// The provider had already cancelled the hold.
    case lapsed
    /// This much of the captured money is on its way back to the client.
    case refunded(Money)
    case transferred(id: String)
    /// The provider refused, and nothing has changed.
    case refused(reason: String)
    /// Nothing has changed, and the action's key is spent: the next number tries again.
    case failed(reason: String)

    var isFailed: Bool { if case .failed = self { true } else { false } }

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
        case .failed: "failed"
        }
    }
}
