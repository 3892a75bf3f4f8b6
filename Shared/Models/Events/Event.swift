/// What users can subscribe to: the twelve events of the ClawConnected surface in its own order, and ours.
public enum EventName: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case gigCreated = "gig.created"
    case gigUpdated = "gig.updated"
    case gigDeleted = "gig.deleted"
    case applicationCreated = "gig.application.created"
    case applicationUpdated = "gig.application.updated"
    case negotiationCreated = "negotiation.created"
    case negotiationUpdated = "negotiation.updated"
    case contractCreated = "contract.created"
    case contractUpdated = "contract.updated"
    case milestoneFunded = "contract.milestone.funded"
    case milestoneReleased = "contract.milestone.released"
    case disputeCreated = "dispute.created"
    /// auth: `{api_key_id, name, prefix, hosted_agent_id, expires_at}`, a week before the key ends.
    case keyExpiring = "key.expiring"

    /// What whoever names no events subscribes to: the surface's twelve. The others go to who asks for them.
    public static let standard = allCases.filter { $0 != .keyExpiring }
}

/// What services tell each other and no user sees.
public enum InternalEventName: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    /// auth: `{user_id, user_type, display_name, github_username, is_returning}`.
    case accountCreated = "account.created"
    /// auth: `{user_id, github_username}`: GitHub knows the person by another name now.
    case accountUpdated = "account.updated"
    /// auth: `{user_id}`: the account is gone for good, and so is all that shows whose it was.
    case accountDeleted = "account.deleted"
    /// payments: `{user_id}`: the worker finished onboarding at the payment provider.
    case payeeOnboarded = "payee.onboarded"
    /// payments: `{milestone_id}`: the provider holds the money.
    case escrowFunded = "escrow.funded"
    /// payments: `{milestone_id}`: the hold is gone without a release.
    case escrowLapsed = "escrow.lapsed"
    /// contracts: `{user_id}`: a dispute was decided against the account.
    case disputeLost = "dispute.lost"
}

/// A change that others should hear of, written in the transaction that makes it.
public struct Event: Sendable {
    public let id: EventID
    /// An ``EventName`` or an ``InternalEventName``.
    public let name: String
    /// The id of the thing that changed.
    public let aggregate: EventAggregate
    /// Grows with every change of the aggregate: its row's version.
    public let sequence: Int64
    /// The accounts that may see it; empty for internal events.
    public let recipients: [AccountID]
    /// A JSON object in UTF-8.
    public let json: [UInt8]
    public let at: Timestamp
    public let destinations: [ServiceName]

    public init<Kind>(
        _ name: EventName, of aggregate: Identifier<Kind>, sequence: Int64, to recipients: [AccountID],
        data: JSONValue, at: Timestamp
    ) {
        self.init(name, of: aggregate, sequence: sequence, to: recipients, json: data.bytes, at: at)
    }

    public init<Kind, Body>(
        _ name: EventName, of aggregate: Identifier<Kind>, sequence: Int64, to recipients: [AccountID],
        data: Encoded<Body>, at: Timestamp
    ) {
        self.init(name, of: aggregate, sequence: sequence, to: recipients, json: data.bytes, at: at)
    }

    /// - Throws: What encoding `data` throws.
    public init<Kind>(
        _ name: EventName, of aggregate: Identifier<Kind>, sequence: Int64, to recipients: [AccountID],
        data: some Model, at: Timestamp
    ) throws {
        self.init(
            name, of: aggregate, sequence: sequence, to: recipients, json: try JSONValue.encode(data), at: at)
    }

    private init<Kind>(
        _ name: EventName, of aggregate: Identifier<Kind>, sequence: Int64, to recipients: [AccountID],
        json: [UInt8], at: Timestamp
    ) {
        id = .make(at: at)
        self.name = name.rawValue
        self.aggregate = EventAggregate(aggregate.uuid)
        self.sequence = sequence
        self.recipients = recipients
        self.json = json
        self.at = at
        destinations = name.destinations
    }

    public init<Kind>(
        _ name: InternalEventName, of aggregate: Identifier<Kind>, sequence: Int64, data: JSONValue, at: Timestamp
    ) {
        id = .make(at: at)
        self.name = name.rawValue
        self.aggregate = EventAggregate(aggregate.uuid)
        self.sequence = sequence
        recipients = []
        json = data.bytes
        self.at = at
        destinations = name.destinations
    }
}

public enum EventAggregateKind: IdentifierKind { public static let prefix = "agg" }
public typealias EventAggregate = Identifier<EventAggregateKind>

extension EventName {
    /// Who is told besides the recipients' own webhooks and channels.
    public var destinations: [ServiceName] {
        switch self {
        case .negotiationCreated, .negotiationUpdated: [.notifications, .jobs]
        case .contractUpdated: [.notifications, .talent, .jobs]
        case .gigCreated, .gigUpdated, .gigDeleted, .applicationCreated, .applicationUpdated, .contractCreated,
            .milestoneFunded, .milestoneReleased, .disputeCreated, .keyExpiring:
            [.notifications]
        }
    }
}

extension InternalEventName {
    public var destinations: [ServiceName] {
        switch self {
        case .accountCreated: [.talent, .payments]
        case .accountUpdated: [.talent]
        case .accountDeleted: [.talent, .jobs, .contracts, .payments, .notifications]
        case .payeeOnboarded, .escrowFunded, .escrowLapsed: [.contracts]
        case .disputeLost: [.talent]
        }
    }
}

/// An event on its way to another service.
public struct EventEnvelope: Model {
    public let id: EventID
    public let name: String
    public let aggregate: EventAggregate
    public let sequence: Int64
    public let recipients: [AccountID]
    public let data: JSONValue
    public let at: Timestamp
    public let requestID: String?

    public init(
        id: EventID, name: String, aggregate: EventAggregate, sequence: Int64, recipients: [AccountID],
        data: JSONValue, at: Timestamp, requestID: String?
    ) {
        self.id = id
        self.name = name
        self.aggregate = aggregate
        self.sequence = sequence
        self.recipients = recipients
        self.data = data
        self.at = at
        self.requestID = requestID
    }
}

public struct EventBatch: Model {
    public let events: [EventEnvelope]
    public init(events: [EventEnvelope]) { self.events = events }
    public static let rules: [String: MemberRule] = ["events": .count(1...200)]
}
