/// Money of a wallet that the operator has paid out by hand.
public struct WalletPayoutInput: Model {
    public let amount: Rupees
    /// Tells this payout from others: the bank's own, best.
    public let reference: String
    /// Whether it is the payout's return that is noted.
    public var cameBack: Bool?

    public static let rules: [String: MemberRule] = [
        "amount": .range(1...9_007_199_254_740_991), "reference": .text(1...200),
    ]
}

/// What a wallet has after a payout.
public struct WalletBalanceView: Model {
    public let userID: ObjectID<AccountKind>
    public let balance: Rupees

    public init(userID: ObjectID<AccountKind>, balance: Rupees) {
        self.userID = userID
        self.balance = balance
    }
}

public struct WalletPayoutAnswer: Model {
    public let message: String
    public let data: WalletBalanceView

    public init(message: String, data: WalletBalanceView) {
        self.message = message
        self.data = data
    }
}
