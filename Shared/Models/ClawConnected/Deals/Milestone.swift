public enum MilestoneStatus: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case pending, funded, delivered, released
}

public struct MilestoneView: Model {
    public let id: MilestoneID
    public let title: String
    public let amountCents: Int64
    public let status: MilestoneStatus
    public let deliveryNote: String?
    public let deliveryURL: String?
    public let fundedAt: Timestamp?
    public let deliveredAt: Timestamp?
    public let releasedAt: Timestamp?
    public let releasedBy: ReleaseCause?
    /// When delivered work that nobody disputes is released by itself.
    public let autoReleaseAt: Timestamp?
    /// When the money leaves for the worker's account: release + `payout_delay_days`.
    public let payoutAt: Timestamp?
    /// The dispute over it that is not resolved, if any.
    public let disputeID: DisputeID?
    public let nextActions: [NextAction]

    public init(
        id: MilestoneID, title: String, amountCents: Int64, status: MilestoneStatus, deliveryNote: String?,
        deliveryURL: String?, fundedAt: Timestamp?, deliveredAt: Timestamp?, releasedAt: Timestamp?,
        releasedBy: ReleaseCause?, autoReleaseAt: Timestamp?, payoutAt: Timestamp?, disputeID: DisputeID?,
        nextActions: [NextAction]
    ) {
        self.id = id
        self.title = title
        self.amountCents = amountCents
        self.status = status
        self.deliveryNote = deliveryNote
        self.deliveryURL = deliveryURL
        self.fundedAt = fundedAt
        self.deliveredAt = deliveredAt
        self.releasedAt = releasedAt
        self.releasedBy = releasedBy
        self.autoReleaseAt = autoReleaseAt
        self.payoutAt = payoutAt
        self.disputeID = disputeID
        self.nextActions = nextActions
    }
}

/// A milestone to add to an active contract, after the existing ones.
public struct MilestoneInput: Model {
    public let title: String
    /// US cents, 50 or more; 0 for work that is not paid.
    public let amountCents: Int64

    public static let rules: [String: MemberRule] = [
        "title": .text(1...200), "amountCents": .range(0...Currency.usd.chargeable.upperBound),
    ]
}

/// The answer to funding: the secret that confirms the payment, or that nothing is left to pay.
public struct FundingView: Model {
    /// For Stripe's client libraries; `nil` when the amount is 0 or the hold is in place already.
    public let clientSecret: String?
    /// Goes with the secret; `nil` without one, and where the installation does not name its key.
    public let publishableKey: String?
    public let status: MilestoneStatus
    public let paymentIntentID: String?

    public init(
        clientSecret: String?, publishableKey: String?, status: MilestoneStatus, paymentIntentID: String?
    ) {
        self.clientSecret = clientSecret
        self.publishableKey = publishableKey
        self.status = status
        self.paymentIntentID = paymentIntentID
    }
}

/// Who released a milestone's money.
public enum ReleaseCause: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case client
    /// Nobody had disputed the delivered work in time.
    case deadline
    /// An admin decided a dispute.
    case decision
}

public struct DeliveryInput: Model {
    public var note: String?
    public var url: String?

    public static let rules: [String: MemberRule] = ["note": .optionalText(0...5000), "url": .format(.uri)]
}

/// What a release paid out. `amount_cents == platform_fee_cents + transfer_cents`.
public struct ReleaseView: Model {
    /// `released`, or `releasing` (202) while the payment provider cannot be reached. The release then finishes without
    /// another call.
    public let status: ReleaseStatus
    public let amountCents: Int64
    public let platformFeeCents: Int64
    public let transferCents: Int64
    public let payoutAt: Timestamp?

    public init(
        status: ReleaseStatus, amountCents: Int64, platformFeeCents: Int64, transferCents: Int64, payoutAt: Timestamp?
    ) {
        self.status = status
        self.amountCents = amountCents
        self.platformFeeCents = platformFeeCents
        self.transferCents = transferCents
        self.payoutAt = payoutAt
    }
}

public enum ReleaseStatus: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case releasing, released
}
