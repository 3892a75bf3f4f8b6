/// Where an arbitration fee stands.
///
///     owed ──charge──▶ charging ──pay──▶ collected
///      ▲                  │
///      └──────refuse──────┘
public enum ArbitrationFeeState: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    /// No card was charged yet, or the last charge was declined.
    case owed
    /// A charge is under way.
    case charging
    case collected
}

public struct ArbitrationInput: Model {
    public let payerUserID: AccountID
    /// US cents.
    public let amountCents: Int64

    public init(payerUserID: AccountID, amountCents: Int64) {
        self.payerUserID = payerUserID
        self.amountCents = amountCents
    }

    public static let rules: [String: MemberRule] = ["amountCents": .range(1...9_007_199_254_740_991)]
}

public struct ArbitrationFeeView: Model {
    public let payerUserID: AccountID
    /// US cents.
    public let amountCents: Int64
    public let state: ArbitrationFeeState
    /// How often a charge was tried.
    public let attempts: Int
    /// Why the last charge was declined, in the provider's words.
    public let refusal: String?
    /// The payment that paid the fee.
    public let paymentIntentID: String?

    public init(
        payerUserID: AccountID, amountCents: Int64, state: ArbitrationFeeState, attempts: Int, refusal: String?,
        paymentIntentID: String?
    ) {
        self.payerUserID = payerUserID
        self.amountCents = amountCents
        self.state = state
        self.attempts = attempts
        self.refusal = refusal
        self.paymentIntentID = paymentIntentID
    }
}
