public enum NegotiationState: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case pending
    case inProgress = "in_progress"
    case pendingOwnerApproval = "pending_owner_approval"
    case approved
    case expired
}

/// Whom the deals of a list wait for.
public enum Awaited: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    /// The caller.
    case me
}

/// What ended a negotiation without an agreement.
public enum NegotiationEnd: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    /// A party did not want to go on.
    case decline
    /// A fourth round was proposed.
    case rounds
    /// Nothing was done for too long.
    case silence
    /// A party left the marketplace.
    case departure
}

/// The terms that a round proposes. A term that is left out keeps its present value.
public struct TermsInput: Model, Equatable {
    /// US cents per hour.
    public var rateCents: Int64?
    /// 0 to 168.
    public var hoursPerWeek: Int?
    public var startDate: CalendarDay?
    /// Days between release and payout, 3 to 10.
    public var payoutDelayDays: Int?

    public init(
        rateCents: Int64? = nil, hoursPerWeek: Int? = nil, startDate: CalendarDay? = nil, payoutDelayDays: Int? = nil
    ) {
        self.rateCents = rateCents
        self.hoursPerWeek = hoursPerWeek
        self.startDate = startDate
        self.payoutDelayDays = payoutDelayDays
    }

    public static let rules: [String: MemberRule] = [
        "rateCents": .amount, "hoursPerWeek": .range(0...168), "payoutDelayDays": .range(3...10),
    ]
}

public struct NegotiationInput: Model {
    public let gigID: GigID
    public let workerUserID: AccountID
}

/// A negotiation opened together with its first round.
public struct NegotiateInput: Model {
    public let gigID: GigID
    public let workerUserID: AccountID
    public var rateCents: Int64?
    public var hoursPerWeek: Int?
    public var startDate: CalendarDay?
    public var payoutDelayDays: Int?

    public var terms: TermsInput {
        TermsInput(
            rateCents: rateCents, hoursPerWeek: hoursPerWeek, startDate: startDate, payoutDelayDays: payoutDelayDays)
    }

    public static let rules = TermsInput.rules
}

public struct AgreeInput: Model {
    /// The round to agree to; a stale number is refused. When absent, the latest round.
    public var roundNumber: Int?

    public static let rules: [String: MemberRule] = ["roundNumber": .range(0...3)]
}

public struct DeclineInput: Model {
    /// For the other party to read, in the log.
    public var reason: String?

    public static let rules: [String: MemberRule] = ["reason": .text(1...5000)]
}

/// How a party can be reached outside the marketplace; for the other party's eyes only.
public struct ContactShare: Model, Equatable {
    /// A free label: `Telegram`, `Email`, `LinkedIn`.
    public let contactType: String
    public let contactValue: String

    public init(contactType: String, contactValue: String) {
        self.contactType = contactType
        self.contactValue = contactValue
    }

    public static let rules: [String: MemberRule] = [
        "contactType": .text(1...50), "contactValue": .text(1...500),
    ]
}

public struct ContactExchange: Model, Equatable {
    public let myShare: ContactShare?
    public let otherPartyContact: ContactShare?

    public init(myShare: ContactShare?, otherPartyContact: ContactShare?) {
        self.myShare = myShare
        self.otherPartyContact = otherPartyContact
    }
}

public struct AuditEntry: Model {
    public let at: Timestamp
    /// `nil`: the system, at a deadline.
    public let actorUserID: AccountID?
    public let kind: AuditKind
    public let from: NegotiationState?
    public let to: NegotiationState
    public let payload: JSONValue

    public init(
        at: Timestamp, actorUserID: AccountID?, kind: AuditKind, from: NegotiationState?, to: NegotiationState,
        payload: JSONValue
    ) {
        self.at = at
        self.actorUserID = actorUserID
        self.kind = kind
        self.from = from
        self.to = to
        self.payload = payload
    }
}

public enum AuditKind: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case stateChange = "state_change"
    case round
}

public struct NegotiationView: Model {
    public let id: NegotiationID
    public let gigID: GigID
    public let gigTitle: String
    public let clientUserID: AccountID
    public let workerUserID: AccountID
    /// `nil` in events, because both parties receive the same event.
    public let yourRole: PartyRole?
    public let state: NegotiationState
    /// `nil` unless it has expired.
    public let endedBy: NegotiationEnd?
    public let roundNumber: Int
    public let rateCents: Int64?
    public let hoursPerWeek: Int?
    public let startDate: CalendarDay?
    public let payoutDelayDays: Int?
    /// Set once a party agreed to the other's round.
    public let contractID: ContractID?
    /// `nil` in lists and events.
    public let contactExchange: ContactExchange?
    /// Only with `audit=1`.
    public let audit: [AuditEntry]?
    public let createdAt: Timestamp
    public let updatedAt: Timestamp
    /// Whose turn it is to propose, to answer or to approve; nobody's once that is over.
    public let waitsFor: [PartyRole]
    public let nextActions: [NextAction]

    public init(
        id: NegotiationID, gigID: GigID, gigTitle: String, clientUserID: AccountID, workerUserID: AccountID,
        yourRole: PartyRole?, state: NegotiationState, endedBy: NegotiationEnd? = nil, roundNumber: Int,
        terms: TermsInput,
        contractID: ContractID?,
        contactExchange: ContactExchange?, audit: [AuditEntry]?, createdAt: Timestamp, updatedAt: Timestamp,
        waitsFor: [PartyRole], nextActions: [NextAction]
    ) {
        self.id = id
        self.gigID = gigID
        self.gigTitle = gigTitle
        self.clientUserID = clientUserID
        self.workerUserID = workerUserID
        self.yourRole = yourRole
        self.state = state
        self.endedBy = endedBy
        self.roundNumber = roundNumber
        rateCents = terms.rateCents
        hoursPerWeek = terms.hoursPerWeek
        startDate = terms.startDate
        payoutDelayDays = terms.payoutDelayDays
        self.contractID = contractID
        self.contactExchange = contactExchange
        self.audit = audit
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.waitsFor = waitsFor
        self.nextActions = nextActions
    }
}

public struct NegotiationList: Model {
    public let negotiations: [NegotiationView]
    public let nextCursor: String?

    public init(negotiations: [NegotiationView], nextCursor: String?) {
        self.negotiations = negotiations
        self.nextCursor = nextCursor
    }
}

/// `/api/negotiations` and `/api/negotiate`.
public struct NegotiationEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.contracts

    public static let state = Parameter<NegotiationState?>.oneOf(
        "state", NegotiationState.self, "Only those in this state")
    public static let waitingFor = Parameter<Awaited?>.oneOf(
        "waiting_for", Awaited.self, "me: only those in which it is your turn to propose, to answer or to approve")
    public static let audit = Parameter<Bool>.flag("audit", "Include the whole log")

    public let list = Endpoint<NoInput, NegotiationList>(
        "negotiations.list", .get, "/api/negotiations", of: Self.self, access: .account(.dealsRead),
        query: [Self.state, Self.waitingFor, Parameter<Int>.limit, Parameter<PageCursor?>.cursor], "Your negotiations")
    public let create = Endpoint<NegotiationInput, NegotiationView>(
        "negotiations.create", .post, "/api/negotiations", of: Self.self, access: .client(.dealsWrite), success: 201,
        errors: [.forbidden, .notFound, .conflict], "Open a negotiation with a shortlisted applicant")
    public let negotiate = Endpoint<NegotiateInput, NegotiationView>(
        "negotiations.negotiate", .post, "/api/negotiate", of: Self.self, access: .client(.dealsWrite), success: 201,
        errors: [.forbidden, .notFound, .conflict], "Open a negotiation with its first round")
    public let get = Endpoint<NoInput, NegotiationView>(
        "negotiations.get", .get, "/api/negotiations/{id}", of: Self.self, access: .account(.dealsRead),
        query: [Self.audit], errors: [.notFound], "One negotiation, with its log if asked")
    public let round = Endpoint<TermsInput, NegotiationView>(
        "negotiations.round", .post, "/api/negotiations/{id}/round", of: Self.self, access: .account(.dealsWrite),
        errors: [.notFound, .conflict, .preconditionFailed], "Propose terms; at most three rounds")
    public let agree = Endpoint<AgreeInput, NegotiationView>(
        "negotiations.agree", .post, "/api/negotiations/{id}/agree", of: Self.self, access: .account(.dealsWrite),
        errors: [.notFound, .conflict, .preconditionFailed], "Agree to the terms; makes the contract")
    public let decline = Endpoint<DeclineInput, NegotiationView>(
        "negotiations.decline", .post, "/api/negotiations/{id}/decline", of: Self.self,
        access: .account(.dealsWrite), errors: [.notFound, .conflict, .preconditionFailed],
        "End a negotiation without an agreement")
    public let shareContact = Endpoint<ContactShare, ContactShare>(
        "negotiations.shareContact", .post, "/api/negotiations/{id}/contact-share", of: Self.self,
        access: .account(.dealsWrite), errors: [.notFound, .preconditionFailed],
        "Tell the other party how to reach you; replaces what you told before")
}
