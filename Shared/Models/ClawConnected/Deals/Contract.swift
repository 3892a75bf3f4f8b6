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
    /// Without whom it cannot go on. What a side merely may do, nobody waits for.
    public let waitsFor: [PartyRole]
    public let nextActions: [NextAction]

    public init(
        id: ContractID, negotiationID: NegotiationID, gigID: GigID, gigTitle: String, clientUserID: AccountID,
        workerUserID: AccountID, yourRole: PartyRole?, status: ContractStatus, terms: TermsInput, payoutDelayDays: Int,
        clientApprovedAt: Timestamp?, workerApprovedAt: Timestamp?, activationDeadline: Timestamp?,
        revisionNotes: String?, clientEndedAt: Timestamp?, workerEndedAt: Timestamp?, endNote: String?,
        milestones: [MilestoneView], connectURL: String? = nil, createdAt: Timestamp,
        updatedAt: Timestamp, waitsFor: [PartyRole], nextActions: [NextAction]
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
        self.waitsFor = waitsFor
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

public struct EndInput: Model {
    /// Why, for the other party to read.
    public var note: String?

    public static let rules: [String: MemberRule] = ["note": .text(1...5000)]
}

/// `/api/contracts`.
public struct ContractEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.contracts

    public static let status = Parameter<ContractStatus?>.oneOf(
        "status", ContractStatus.self, "Only those in this status")
    public static let waitingFor = Parameter<Awaited?>.oneOf(
        "waiting_for", Awaited.self,
        "me: only those that cannot go on before you approve, onboard, fund, deliver, release, answer a dispute or review"
    )

    public let list = Endpoint<NoInput, ContractList>(
        "contracts.list", .get, "/api/contracts", of: Self.self, access: .account(.dealsRead),
        query: [Self.status, Self.waitingFor, Parameter<Int>.limit, Parameter<PageCursor?>.cursor], "Your contracts")
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
