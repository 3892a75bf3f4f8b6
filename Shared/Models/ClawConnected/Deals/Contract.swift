public enum ContractStatus: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case pendingOwnerApproval = "pending_owner_approval"
    case pendingFreelancerKYC = "pending_freelancer_kyc"
    case pendingClientFunding = "pending_client_funding"
    case pendingBoth = "pending_both"
    case active, completed, cancelled, expired
}

extension ContractStatus {
    /// Whether a contract in this status can no longer change.
    public var isOver: Bool {
        switch self {
        case .completed, .cancelled, .expired: true
        case .pendingOwnerApproval, .pendingFreelancerKYC, .pendingClientFunding, .pendingBoth, .active: false
        }
    }
}

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

public struct ContractView: Model {
    public let id: ContractID
    public let negotiationID: NegotiationID
    public let gigID: GigID
    public let gigTitle: String
    public let clientUserID: AccountID
    public let workerUserID: AccountID
    /// `nil` in events, because both parties receive the same event.
    public let yourRole: PartyRole?
    public let status: ContractStatus
    public let rateCents: Int64?
    public let hoursPerWeek: Int?
    public let startDate: CalendarDay?
    public let payoutDelayDays: Int
    public let clientApprovedAt: Timestamp?
    public let workerApprovedAt: Timestamp?
    public let activationDeadline: Timestamp?
    public let revisionNotes: String?
    /// When the client agreed to end the contract. Taken back when a milestone changes before the worker agrees too.
    public let clientEndedAt: Timestamp?
    public let workerEndedAt: Timestamp?
    public let endNote: String?
    public let milestones: [MilestoneView]
    /// The worker's one-time onboarding link. Set when the worker approves and still has to finish onboarding.
    public let connectURL: String?
    public let createdAt: Timestamp
    public let updatedAt: Timestamp
    public let nextActions: [NextAction]

    public init(
        id: ContractID, negotiationID: NegotiationID, gigID: GigID, gigTitle: String, clientUserID: AccountID,
        workerUserID: AccountID, yourRole: PartyRole?, status: ContractStatus, terms: Terms, payoutDelayDays: Int,
        clientApprovedAt: Timestamp?, workerApprovedAt: Timestamp?, activationDeadline: Timestamp?,
        revisionNotes: String?, clientEndedAt: Timestamp?, workerEndedAt: Timestamp?, endNote: String?,
        milestones: [MilestoneView], connectURL: String? = nil, createdAt: Timestamp,
        updatedAt: Timestamp, nextActions: [NextAction]
    ) {
        self.id = id
        self.negotiationID = negotiationID
        self.gigID = gigID
        self.gigTitle = gigTitle
        self.clientUserID = clientUserID
        self.workerUserID = workerUserID
        self.yourRole = yourRole
        self.status = status
        rateCents = terms.rateCents
        hoursPerWeek = terms.hoursPerWeek
        startDate = terms.startDate
        self.payoutDelayDays = payoutDelayDays
        self.clientApprovedAt = clientApprovedAt
        self.workerApprovedAt = workerApprovedAt
        self.activationDeadline = activationDeadline
        self.revisionNotes = revisionNotes
        self.clientEndedAt = clientEndedAt
        self.workerEndedAt = workerEndedAt
        self.endNote = endNote
        self.milestones = milestones
        self.connectURL = connectURL
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.nextActions = nextActions
    }
}

public struct ContractList: Model {
    public let contracts: [ContractView]
    public let nextCursor: String?

    public init(contracts: [ContractView], nextCursor: String?) {
        self.contracts = contracts
        self.nextCursor = nextCursor
    }
}

public struct RevisionInput: Model {
    public let notes: String
    public static let rules: [String: MemberRule] = ["notes": .text(1...5000)]
}

public struct ConnectLink: Model {
    public let url: String
    public init(url: String) { self.url = url }
}

/// The answer to funding: the secret that confirms the payment, or that nothing is left to pay.
public struct FundingView: Model {
    /// For Stripe's client libraries; `nil` when the amount is 0 or the hold is in place already.
    public let clientSecret: String?
    public let status: MilestoneStatus
    public let paymentIntentID: String?

    public init(clientSecret: String?, status: MilestoneStatus, paymentIntentID: String?) {
        self.clientSecret = clientSecret
        self.status = status
        self.paymentIntentID = paymentIntentID
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

public struct EndInput: Model {
    /// Why, for the other party to read.
    public var note: String?

    public static let rules: [String: MemberRule] = ["note": .text(1...5000)]
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

/// `/api/contracts`.
public struct ContractEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.contracts

    public static let status = Parameter<ContractStatus?>.oneOf(
        "status", ContractStatus.self, "Only those in this status")

    public let list = Endpoint<NoInput, ContractList>(
        "contracts.list", .get, "/api/contracts", of: Self.self, access: .account(.dealsRead),
        query: [Self.status, Parameter<Int>.limit, Parameter<PageCursor?>.cursor], "Your contracts")
    public let get = Endpoint<NoInput, ContractView>(
        "contracts.get", .get, "/api/contracts/{id}", of: Self.self, access: .account(.dealsRead), errors: [.notFound],
        "One contract")
    public let ledger = Endpoint<NoInput, ContractLedger>(
        "contracts.ledger", .get, "/api/contracts/{id}/ledger", of: Self.self, access: .account(.dealsRead),
        errors: [.notFound, .serviceUnavailable],
        "What was posted about a contract's money; for its parties and admins")
    public let approve = Endpoint<NoInput, ContractView>(
        "contracts.approve", .post, "/api/contracts/{id}/approve", of: Self.self, access: .account(.dealsWrite),
        errors: [.notFound, .conflict, .preconditionFailed], idempotency: .resumable, answersSecret: true,
        "Approve a contract; the second approval starts the 7-day activation")
    public let connectLink = Endpoint<NoInput, ConnectLink>(
        "contracts.connectLink", .get, "/api/contracts/{id}/connect-link", of: Self.self,
        access: .account(.dealsWrite), errors: [.forbidden, .notFound, .conflict, .badGateway, .serviceUnavailable],
        "The worker's one-time onboarding link at the payment provider")
    public let revise = Endpoint<RevisionInput, ContractView>(
        "contracts.revise", .post, "/api/contracts/{id}/revise", of: Self.self, access: .account(.dealsWrite),
        errors: [.notFound, .conflict, .preconditionFailed, .serviceUnavailable], idempotency: .resumable,
        "Take both approvals back and negotiate again")
    public let addMilestone = Endpoint<MilestoneInput, MilestoneView>(
        "contracts.addMilestone", .post, "/api/contracts/{id}/milestones", of: Self.self,
        access: .account(.dealsWrite), success: 201,
        errors: [.forbidden, .notFound, .conflict, .preconditionFailed],
        "Add a milestone to an active contract, after those that are there")
    public let withdrawMilestone = Endpoint<NoInput, NoOutput>(
        "contracts.withdrawMilestone", .delete, "/api/contracts/{id}/milestones/{milestoneId}", of: Self.self,
        access: .account(.dealsWrite), success: 204,
        errors: [.forbidden, .notFound, .conflict, .preconditionFailed, .badGateway, .serviceUnavailable],
        idempotency: .resumable, "Take a milestone that is not funded out of its contract")
    public let end = Endpoint<EndInput, ContractView>(
        "contracts.end", .post, "/api/contracts/{id}/end", of: Self.self, access: .account(.dealsWrite),
        alsoAnswers: [202],
        errors: [.notFound, .conflict, .preconditionFailed, .badGateway, .serviceUnavailable],
        idempotency: .resumable,
        "Agree to end an active contract; when both have, unreleased money goes back to the client")
    public let fund = Endpoint<NoInput, FundingView>(
        "contracts.fund", .post, "/api/contracts/{id}/milestones/{milestoneId}/fund", of: Self.self,
        access: .account(.dealsWrite), alsoAnswers: [202],
        errors: [.forbidden, .notFound, .conflict, .preconditionFailed, .badGateway, .serviceUnavailable],
        idempotency: .resumable, answersSecret: true,
        "Fund a milestone")
    public let deliver = Endpoint<DeliveryInput, ContractView>(
        "contracts.deliver", .post, "/api/contracts/{id}/milestones/{milestoneId}/deliver", of: Self.self,
        access: .account(.dealsWrite), errors: [.forbidden, .notFound, .conflict, .preconditionFailed],
        "Hand in the work of a milestone")
    public let release = Endpoint<NoInput, ReleaseView>(
        "contracts.release", .post, "/api/contracts/{id}/milestones/{milestoneId}/release", of: Self.self,
        access: .account(.dealsWrite), alsoAnswers: [202],
        errors: [.forbidden, .notFound, .conflict, .preconditionFailed, .badGateway, .serviceUnavailable],
        idempotency: .resumable,
        "Release a milestone's money to the worker")
}

/// The books, for admins.
public struct LedgerEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.payments

    public static let accountID = Parameter<String>(
        "account", .string(StringRules()),
        "Which account, such as `provider:usd`, `revenue:usd` or `payable:<user id>`"
    ) { text in text.flatMap { (1...200).contains($0.utf8.count) ? $0 : nil } }

    public let account = Endpoint<NoInput, AccountLedger>(
        "admin.ledger.account", .get, "/api/admin/escrow/ledger", of: Self.self, access: .admin(.accountRead),
        query: [Self.accountID, Parameter<Int>.limit, Parameter<PageCursor?>.cursor], errors: [.notFound],
        "An account of the ledger and its entries, newest first")
}

public struct AccountLedger: Model {
    public let account: String
    /// `usd`, `inr` or `credit`.
    public let unit: String
    public let balanceMinor: Int64
    public let entries: [AccountEntryView]
    public let nextCursor: String?

    public init(
        account: String, unit: String, balanceMinor: Int64, entries: [AccountEntryView], nextCursor: String?
    ) {
        self.account = account
        self.unit = unit
        self.balanceMinor = balanceMinor
        self.entries = entries
        self.nextCursor = nextCursor
    }
}

public struct AccountEntryView: Model {
    public let transactionID: LedgerTransactionID
    public let kind: String
    /// Positive: the account gains.
    public let amountMinor: Int64
    /// What the account held afterwards.
    public let balanceMinor: Int64
    public let action: String?
    public let requestID: String?
    public let at: Timestamp

    public init(
        transactionID: LedgerTransactionID, kind: String, amountMinor: Int64, balanceMinor: Int64, action: String?,
        requestID: String?, at: Timestamp
    ) {
        self.transactionID = transactionID
        self.kind = kind
        self.amountMinor = amountMinor
        self.balanceMinor = balanceMinor
        self.action = action
        self.requestID = requestID
        self.at = at
    }
}

/// The payment provider's webhook. It has two paths.
public struct StripeEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.payments

    public let webhook = Endpoint<RawInput, StripeReceipt>(
        "stripe.webhook", .post, "/webhook", of: Self.self, access: .anyone, takesAnyQuery: true,
        errors: [.badRequest], "Stripe's events")
    public let alias = Endpoint<RawInput, StripeReceipt>(
        "stripe.webhook.alias", .post, "/api/stripe/webhook", of: Self.self, access: .anyone, takesAnyQuery: true,
        errors: [.badRequest], "Stripe's events")
}

public struct StripeReceipt: Model {
    public let received: Bool
    public init() { received = true }
}
