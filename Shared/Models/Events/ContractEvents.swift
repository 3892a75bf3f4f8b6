/// Both parties of a negotiation agreed, or a client hired an applicant.
public enum ContractCreated: UserEvent {
    public typealias Content = ContractNews
    public static let name = EventName.contractCreated
    public static let audience = Audience.bothSides
    public static let summary = "Both parties agreed; there is a contract"
}

/// A contract changed its status or its milestones.
public enum ContractUpdated: UserEvent {
    public typealias Content = ContractNews
    public typealias Reading = ContractReading
    public static let name = EventName.contractUpdated
    public static let destinations = [ServiceName.notifications, .talent, .jobs]
    public static let audience = Audience.bothSides
    public static let summary = "A contract or one of its milestones has changed"
}

/// What other services read of a contract.
public struct ContractReading: Decodable, Sendable {
    /// `nil` for a contract of the flow `escrow_checkout`.
    public let negotiationID: NegotiationID?
    public let clientUserID: AccountID
    public let workerUserID: AccountID
    public let status: ContractStatus
}

/// The data of the events about contracts, of either flow: the contract as ClawConnected shows it, and what else a
/// contract of the flow `escrow_checkout` has.
///
/// `status` has the same meaning on both flows. A contract of `escrow_checkout` is `pending_owner_approval` until the
/// freelancer approves it, `pending_client_funding` until it is paid, then `active`, `completed` or `cancelled`.
public struct ContractNews: Model {
    public let id: ContractID
    /// `nil` on the flow `escrow_checkout`, as are the other terms of a negotiation.
    public let negotiationID: NegotiationID?
    public let gigID: GigID
    public let gigTitle: String
    public let clientUserID: AccountID
    public let workerUserID: AccountID
    /// Always `nil`, because both parties receive the same event.
    public let yourRole: PartyRole?
    public let status: ContractStatus
    public let rateCents: Int64?
    public let hoursPerWeek: Int?
    public let startDate: CalendarDay?
    public let payoutDelayDays: Int?
    public let clientApprovedAt: Timestamp?
    public let workerApprovedAt: Timestamp?
    public let activationDeadline: Timestamp?
    public let revisionNotes: String?
    public let clientEndedAt: Timestamp?
    public let workerEndedAt: Timestamp?
    public let endNote: String?
    public let milestones: [MilestoneView]
    public let connectURL: String?
    public let createdAt: Timestamp
    public let updatedAt: Timestamp
    public let nextActions: [NextAction]
    public let flow: DealFlow
    public let currency: Currency
    /// `nil` on the flow `milestone_capture`.
    public let checkout: CheckoutNews?

    /// A contract of the flow `milestone_capture`.
    public init(_ contract: ContractView) {
        id = contract.id
        negotiationID = contract.negotiationID
        gigID = contract.gigID
        gigTitle = contract.gigTitle
        clientUserID = contract.clientUserID
        workerUserID = contract.workerUserID
        yourRole = contract.yourRole
        status = contract.status
        rateCents = contract.rateCents
        hoursPerWeek = contract.hoursPerWeek
        startDate = contract.startDate
        payoutDelayDays = contract.payoutDelayDays
        clientApprovedAt = contract.clientApprovedAt
        workerApprovedAt = contract.workerApprovedAt
        activationDeadline = contract.activationDeadline
        revisionNotes = contract.revisionNotes
        clientEndedAt = contract.clientEndedAt
        workerEndedAt = contract.workerEndedAt
        endNote = contract.endNote
        milestones = contract.milestones
        connectURL = contract.connectURL
        createdAt = contract.createdAt
        updatedAt = contract.updatedAt
        nextActions = contract.nextActions
        flow = .milestoneCapture
        currency = DealFlow.milestoneCapture.currency
        checkout = nil
    }

    /// A contract of the flow `escrow_checkout`.
    public init(
        _ contract: CheckoutContract, status: ContractStatus, approvedAt: Timestamp?, nextActions: [NextAction],
        checkout: CheckoutNews
    ) {
        id = contract.contractID
        gigID = contract.jobID
        gigTitle = contract.jobTitle
        clientUserID = contract.clientUserID
        workerUserID = contract.freelancerUserID
        self.status = status
        // Who hires approves with it.
        clientApprovedAt = contract.createdAt
        workerApprovedAt = approvedAt
        milestones = []
        createdAt = contract.createdAt
        updatedAt = contract.updatedAt
        self.nextActions = nextActions
        flow = .escrowCheckout
        currency = DealFlow.escrowCheckout.currency
        self.checkout = checkout
        negotiationID = nil
        yourRole = nil
        rateCents = nil
        hoursPerWeek = nil
        startDate = nil
        payoutDelayDays = nil
        activationDeadline = nil
        revisionNotes = nil
        clientEndedAt = nil
        workerEndedAt = nil
        endNote = nil
        connectURL = nil
    }
}

/// What a contract of the flow `escrow_checkout` has besides.
public struct CheckoutNews: Model {
    /// What this event tells.
    public let change: CheckoutChange
    /// `CON` and eight digits.
    public let contractNumber: String
    /// In the currency's minor units.
    public let amountMinor: Int64
    public let status: CheckoutContractStatus
    public let isApproved: Bool
    public let isPaid: Bool
    public let releaseFundStatus: ReleaseFundStatus
    public let canceledBy: CheckoutCanceller?
    public let cancelReason: String

    public init(_ contract: CheckoutContract, _ change: CheckoutChange, canceledBy: CheckoutCanceller?, reason: String)
    {
        self.change = change
        contractNumber = contract.number
        amountMinor = contract.amount
        status = contract.status
        isApproved = contract.isApproved
        isPaid = contract.isPaid
        releaseFundStatus = contract.releaseFundStatus
        self.canceledBy = canceledBy
        cancelReason = reason
    }
}

/// What happened to a contract of the flow `escrow_checkout`.
public enum CheckoutChange: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case created
    /// The freelancer approved it.
    case approved
    /// The client's money is in escrow.
    case paid
    /// The freelancer told how far the work is.
    case progressed
    case canceled
    /// The client asked for the release of the money.
    case releaseRequested = "release_requested"
    /// The money was given to the freelancer.
    case released
}
