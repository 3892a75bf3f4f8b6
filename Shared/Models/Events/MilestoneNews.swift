/// What the events of a milestone tell: what it belongs to, and the milestone itself, flat.
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
        payoutAt = milestone.payoutAt
    }

    enum CodingKeys: String, CodingKey {
        case contractID = "contract_id"
        case negotiationID = "negotiation_id"
        case gigID = "gig_id"
        case gigTitle = "gig_title"
        case clientUserID = "client_user_id"
        case workerUserID = "worker_user_id"
        case milestoneID = "milestone_id"
        case title, status
        case amountCents = "amount_cents"
        case platformFeeCents = "platform_fee_cents"
        case transferCents = "transfer_cents"
        case returnedCents = "returned_cents"
        case fundedAt = "funded_at"
        case deliveredAt = "delivered_at"
        case releasedAt = "released_at"
        case payoutAt = "payout_at"
    }
}
