/// The money of a milestone is held. The event belongs to the contract, so that it arrives in order with
/// `contract.updated`.
public enum MilestoneFunded: UserEvent {
    public typealias Content = MilestoneNews
    public static let name = EventName.milestoneFunded
    public static let audience = Audience.bothSides
    public static let summary = "A milestone's money is held"
}

/// The money of a milestone was released to the worker. The event belongs to the contract.
public enum MilestoneReleased: UserEvent {
    public typealias Content = MilestoneNews
    public static let name = EventName.milestoneReleased
    public static let audience = Audience.bothSides
    public static let summary = "A milestone's money was given to the worker"
}

/// Delivered work is about to be released by itself. Only the client hears of it. The event belongs to the contract.
public enum MilestoneReleaseDue: UserEvent {
    public typealias Content = MilestoneNews
    public static let name = EventName.milestoneReleaseDue
    public static let isStandard = false
    public static let audience = Audience.owner
    public static let summary = "A milestone's money is given to the worker within three days unless you dispute it"
}

/// The data of milestone events: the ids of what the milestone belongs to, beside the milestone's own members.
public struct MilestoneNews: Model {
    public let contractID: ContractID
    public let negotiationID: NegotiationID
    public let gigID: GigID
    public let gigTitle: String
    public let clientUserID: AccountID
    public let workerUserID: AccountID
    public let milestoneID: MilestoneID
    public let title: String
    public let status: MilestoneStatus
    public let amountCents: Int64
    /// `nil` before the release, as are the next two and `payoutAt`.
    public let platformFeeCents: Int64?
    public let transferCents: Int64?
    public let returnedCents: Int64?
    public let fundedAt: Timestamp?
    public let deliveredAt: Timestamp?
    public let releasedAt: Timestamp?
    public let releasedBy: ReleaseCause?
    public let autoReleaseAt: Timestamp?
    public let payoutAt: Timestamp?

    public init(
        of milestone: MilestoneView, in contract: ContractView, platformFeeCents: Int64?,
        transferCents: Int64?,
        returnedCents: Int64?
    ) {
        contractID = contract.id
        negotiationID = contract.negotiationID
        gigID = contract.gigID
        gigTitle = contract.gigTitle
        clientUserID = contract.clientUserID
        workerUserID = contract.workerUserID
        milestoneID = milestone.id
        title = milestone.title
        status = milestone.status
        amountCents = milestone.amountCents
        self.platformFeeCents = platformFeeCents
        self.transferCents = transferCents
        self.returnedCents = returnedCents
        fundedAt = milestone.fundedAt
        deliveredAt = milestone.deliveredAt
        releasedAt = milestone.releasedAt
        releasedBy = milestone.releasedBy
        autoReleaseAt = milestone.autoReleaseAt
        payoutAt = milestone.payoutAt
    }
}
