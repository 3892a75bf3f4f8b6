/// Where a milestone's money is.
///
///     unfunded ──fund──▶ authorizing ──capturable──▶ held ──capture──▶ escrowed ──release──▶ released ──transfer──▶ paid
///                          │   ▲                      │                                 ▲
///                          │   └──────cancel/lapse────┘──────────release────────────────┘
///                          ▼
///                       unfunded ◀──refund── escrowed
public enum EscrowState: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case unfunded, authorizing, held, escrowed, released, paid
}

public struct EscrowView: Model {
    public let milestoneID: MilestoneID
    public let state: EscrowState
    public let amountCents: Int64
    public let platformFeeCents: Int64
    public let transferCents: Int64
    public let payoutAt: Timestamp?
    public let paymentIntentID: String?
    public let clientSecret: String?

    public init(
        milestoneID: MilestoneID, state: EscrowState, amountCents: Int64, platformFeeCents: Int64, transferCents: Int64,
        payoutAt: Timestamp?, paymentIntentID: String?, clientSecret: String?
    ) {
        self.milestoneID = milestoneID
        self.state = state
        self.amountCents = amountCents
        self.platformFeeCents = platformFeeCents
        self.transferCents = transferCents
        self.payoutAt = payoutAt
        self.paymentIntentID = paymentIntentID
        self.clientSecret = clientSecret
    }
}

public struct CreditsView: Model {
    public let creditsBalance: Int64
    public init(creditsBalance: Int64) { self.creditsBalance = creditsBalance }
}

public struct MilestoneLedger: Model {
    public let milestoneID: MilestoneID
    public let state: EscrowState
    public let transferID: String?
    public let entries: [LedgerEntryView]

    public init(milestoneID: MilestoneID, state: EscrowState, transferID: String?, entries: [LedgerEntryView]) {
        self.milestoneID = milestoneID
        self.state = state
        self.transferID = transferID
        self.entries = entries
    }
}

public struct LedgerEntryView: Model {
    public let transactionID: LedgerTransactionID
    public let kind: String
    public let account: String
    /// Positive: the account gains. The entries of one transaction sum to zero.
    public let amountMinor: Int64
    public let currency: Currency
    public let at: Timestamp

    public init(
        transactionID: LedgerTransactionID, kind: String, account: String, amountMinor: Int64, currency: Currency,
        at: Timestamp
    ) {
        self.transactionID = transactionID
        self.kind = kind
        self.account = account
        self.amountMinor = amountMinor
        self.currency = currency
        self.at = at
    }
}
