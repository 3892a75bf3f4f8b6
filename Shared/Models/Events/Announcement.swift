/// An event that is about to be sent. It is written in the transaction that makes the change.
public struct Announcement: Sendable {
    public let id: EventID
    public let name: String
    /// The id of the thing that changed.
    public let aggregate: EventAggregate
    /// Grows with every change of the aggregate: its row's version.
    public let sequence: Int64
    /// The accounts that the event concerns; empty for an event between services, or for admins.
    public let recipients: [AccountID]
    /// A JSON object in UTF-8.
    public private(set) var json: [UInt8]
    public let at: Timestamp
    public let destinations: [ServiceName]

    /// - Throws: What encoding `content` throws.
    public init<E: Event, Kind>(
        _ event: E.Type, of aggregate: Identifier<Kind>, sequence: Int64, to recipients: [AccountID] = [],
        _ content: E.Content, at: Timestamp
    ) throws {
        self.init(event, of: aggregate, sequence: sequence, to: recipients, try JSONValue.encode(content), at: at)
    }

    public init<E: Event, Kind>(
        _ event: E.Type, of aggregate: Identifier<Kind>, sequence: Int64, to recipients: [AccountID] = [],
        _ content: Encoded<E.Content>, at: Timestamp
    ) {
        self.init(event, of: aggregate, sequence: sequence, to: recipients, content.bytes, at: at)
    }

    /// A copy with one more member in its data.
    public func adding(_ member: String, _ value: JSONValue) -> Self {
        let added = JSONValue.object([JSONMember(member, value)])
        var copy = self
        copy.json = json.dropLast() + [UInt8(ascii: ",")] + added.bytes.dropFirst()
        return copy
    }

    private init<Kind>(
        _ event: any Event.Type, of aggregate: Identifier<Kind>, sequence: Int64, to recipients: [AccountID],
        _ json: [UInt8], at: Timestamp
    ) {
        switch event.audience {
        case .services, .admins: precondition(recipients.isEmpty, "\(event.label) names no account")
        case .owner, .bothSides: precondition(!recipients.isEmpty, "\(event.label) concerns somebody")
        }
        id = .make(at: at)
        name = event.label
        self.aggregate = EventAggregate(aggregate.uuid)
        self.sequence = sequence
        self.recipients = recipients
        self.json = EventSize.fitted(json)
        self.at = at
        destinations = event.destinations
    }
}

public enum EventAggregateKind: IdentifierKind { public static let prefix = "agg" }
public typealias EventAggregate = Identifier<EventAggregateKind>
