import SharedModels

/// The certain outcome of an action at the provider.
enum ActionOutcome: Sendable, Equatable {
    /// The payment exists, and the client can confirm it.
    case begun(PaymentIntent)
    /// With this much, which need not be all.
    case captured(Money)
    case cancelled
    /// The provider had already cancelled the hold.
    case lapsed
    /// This much of the captured money is on its way back to the client.
    case refunded(StripeRefund)
    case transferred(id: String)
    /// Nothing has changed: the money for it is not there yet. The next try takes the same row.
    case waits(reason: String)
    /// The provider refused, and nothing has changed.
    case refused(reason: String)
    /// Nothing has changed, and the action's key is spent: the next number tries again.
    case failed(reason: String)

    /// How it ends the action.
    var end: ActionState {
        switch self {
        case .begun, .captured, .cancelled, .refunded, .transferred: .finished
        case .lapsed, .refused: .refused
        case .waits: .waiting
        case .failed: .failed
        }
    }

    /// For the log: without the secrets of a payment.
    var name: String {
        switch self {
        case .begun: "begun"
        case .captured: "captured"
        case .cancelled: "cancelled"
        case .lapsed: "lapsed"
        case .refunded: "refunded"
        case .transferred: "transferred"
        case .waits: "waits"
        case .refused: "refused"
        case .failed: "failed"
        }
    }
}
