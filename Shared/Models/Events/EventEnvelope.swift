/// An event on its way to another service.
public struct EventEnvelope: Sendable, Equatable {
    public let id: EventID
    public let name: String
    public let aggregate: EventAggregate
    public let sequence: Int64
    public let recipients: [AccountID]
    /// The members keep the order in which they were written.
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

extension EventEnvelope {
    /// The same event for others.
    public func addressed(to recipients: [AccountID]) -> Self {
        Self(
            id: id, name: name, aggregate: aggregate, sequence: sequence, recipients: recipients, data: data, at: at,
            requestID: requestID)
    }

    public var json: JSONValue {
        [
            "id": .string("\(id)"), "name": .string(name), "aggregate": .string("\(aggregate)"),
            "sequence": .integer(sequence), "recipients": .array(recipients.map { .string("\($0)") }), "data": data,
            "at": .string("\(at)"), "request_id": requestID.map { .string($0) } ?? .null,
        ]
    }

    /// - Throws: ``Flaw``.
    public init(_ json: JSONValue) throws(Flaw) {
        func member<Value>(_ name: String, _ read: (JSONValue) -> Value?) throws(Flaw) -> Value {
            guard let member = json[name], let value = read(member) else { throw Flaw(member: name) }
            return value
        }
        id = try member("id") { $0.string.flatMap { EventID($0) } }
        name = try member("name", \.string)
        aggregate = try member("aggregate") { $0.string.flatMap { EventAggregate($0) } }
        sequence = try member("sequence", \.integer)
        recipients = try member("recipients") { list in
            guard let texts = list.array else { return nil }
            let ids = texts.compactMap { $0.string.flatMap { AccountID($0) } }
            return ids.count == texts.count ? ids : nil
        }
        data = try member("data") { $0.object.map { .object($0) } }
        at = try member("at") { $0.string.flatMap { Timestamp($0) } }
        requestID = json["request_id"]?.string
    }

    /// A member that is missing or unreadable.
    public struct Flaw: Error, CustomStringConvertible {
        public let member: String
        public var description: String { "\(member) is missing or is not what it should be" }
    }
}

/// Events on their way to one destination. Each is read separately, so that one unreadable event does not hold up the
/// others.
public struct EventBatch: Model {
    /// Each is an ``EventEnvelope``.
    public let events: [JSONValue]

    public init(events: [JSONValue]) { self.events = events }

    /// The largest batch that is taken, in bytes. A sender stays far below it, unless a single event is larger.
    static let largestBody = 8 << 20

    public static let rules: [String: MemberRule] = ["events": .count(1...200)]
}
