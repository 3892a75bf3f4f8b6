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
    /// What the account held afterwards; `nil` when that is not for the reader.
    public let balanceMinor: Int64?
    /// The action at the payment provider that was posted; `nil` when there was none.
    public let action: String?
    /// The request that caused it; `nil` when nobody asked.
    public let requestID: String?
    public let at: Timestamp

    public init(
        transactionID: LedgerTransactionID, kind: String, account: String, amountMinor: Int64, currency: Currency,
        balanceMinor: Int64?, action: String?, requestID: String?, at: Timestamp
    ) {
        self.transactionID = transactionID
        self.kind = kind
        self.account = account
        self.amountMinor = amountMinor
        self.currency = currency
        self.balanceMinor = balanceMinor
        self.action = action
        self.requestID = requestID
        self.at = at
    }
}

/// What was posted about a contract's money, oldest first.
public struct ContractLedger: Model {
    public let entries: [LedgerEntryView]
    public init(entries: [LedgerEntryView]) { self.entries = entries }
}

/// Whose postings are asked for.
public struct LedgerQuery: Model {
    public let milestoneIDs: [MilestoneID]
    public let disputeIDs: [DisputeID]
    /// The contract whose payments of the flow `escrow_checkout` are asked for, too.
    public let contractID: ContractID?
    /// Whether the reader may see what other accounts than the deal's own hold.
    public let isWhole: Bool

    public init(
        milestoneIDs: [MilestoneID], disputeIDs: [DisputeID], contractID: ContractID? = nil, isWhole: Bool
    ) {
        self.milestoneIDs = milestoneIDs
        self.disputeIDs = disputeIDs
        self.contractID = contractID
        self.isWhole = isWhole
    }
}
