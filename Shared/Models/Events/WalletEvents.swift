/// Payments announces that the operator paid a wallet out, or that such a payout came back.
public enum WalletPaidOut: UserEvent {
    public typealias Content = WalletPayoutNews
    public static let name = EventName.walletPaidOut
    public static let audience = Audience.owner
    public static let isStandard = false
    public static let summary = "Your wallet was paid out, or its payout came back"
}

/// The data of `wallet.paid_out`.
public struct WalletPayoutNews: Model {
    public let userID: AccountID
    public let change: WalletPayoutChange
    /// What was paid, in the currency's minor units.
    public let amountCents: Int64
    public let currency: Currency
    /// What the wallet has since. When a payout came back it may be less than was paid: what clients' banks took back in the
    /// meantime is covered first.
    public let balanceCents: Int64
    /// The bank's, or whatever else tells the payout from others.
    public let reference: String
    public let at: Timestamp

    public init(
        userID: AccountID, change: WalletPayoutChange, amountCents: Int64, currency: Currency, balanceCents: Int64,
        reference: String, at: Timestamp
    ) {
        self.userID = userID
        self.change = change
        self.amountCents = amountCents
        self.currency = currency
        self.balanceCents = balanceCents
        self.reference = reference
        self.at = at
    }
}

/// What became of a wallet's payout.
public enum WalletPayoutChange: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case paid
    /// The bank sent it back.
    case cameBack = "came_back"
}
