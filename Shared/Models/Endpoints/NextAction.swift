import Synchronization

/// An action that the resource allows in its present state.
///
/// Derived from the same transition table that the server enforces.
public struct NextAction: Model, Equatable, JSONWritable {
    /// The verb of the path: `publish`, `apply`, `round`, `fund`, …
    public let action: String
    public let method: String
    public let href: String
    public let by: [PartyRole]
    /// The time limit, if there is one.
    public let deadline: Timestamp?
    /// What to send, with every member that the action takes and `null` in place of what its actor has to say; `null`
    /// when it takes none.
    public let body: JSONValue

    /// Every action there is, on every surface.
    public static let actions = [
        "publish", "apply", "withdraw", "shortlist", "reject", "negotiate", "round", "agree", "decline", "approve",
        "revise", "connect", "fund", "deliver", "release", "end", "dispute", "respond", "recommend", "review",
        "accept", "save", "pay", "update-status", "release-fund", "refund", "cancel",
    ]

    public static let rules: [String: MemberRule] = [
        "action": .oneOf("ActionName", actions),
        "method": .oneOf("ActionMethod", Method.allCases.map(\.rawValue)),
    ]

    public init(
        _ action: String, _ method: Method, _ href: String, by: [PartyRole], deadline: Timestamp? = nil,
        body: JSONValue = .null
    ) {
        assert(Self.actions.contains(action), "\(action) is not among the actions")
        self.action = action
        self.method = method.rawValue
        self.href = href
        self.by = by
        self.deadline = deadline
        self.body = body
    }

    /// - Parameters:
    ///   - operation: What the action calls. It gives method, path and the members of the body.
    ///   - ids: The path's parameters.
    ///   - body: What to send, when the action has one meaning of several that the operation has.
    ///   - members: The members of the body that are known, by their names in JSON.
    public init(
        _ action: String, _ operation: Operation, _ ids: [String: String], by: [PartyRole],
        deadline: Timestamp? = nil, body: JSONValue? = nil, members: [String: JSONValue] = [:]
    ) {
        self.init(
            action, operation.method, operation.path(with: ids), by: by, deadline: deadline,
            body: (body ?? Self.body(of: operation)).replacing(members))
    }

    /// The ``Template`` of the operation's body, `null` when it takes none. Made once, because a page shows hundreds of
    /// actions.
    private static func body(of operation: Operation) -> JSONValue {
        if let known = bodies.withLock({ $0[operation.id] }) { return known }
        let body = operation.inputSchema.map(Template.make) ?? .null
        bodies.withLock { $0[operation.id] = body }
        return body
    }

    /// By the operation's id.
    private static let bodies = Mutex([String: JSONValue]())

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("action"); writer.value(action)
        writer.key("method"); writer.value(method)
        writer.key("href"); writer.value(href)
        writer.key("by")
        writer.beginArray()
        for role in by { writer.value(role.rawValue) }
        writer.endArray()
        writer.key("deadline")
        if let deadline { writer.value(deadline) } else { writer.null() }
        writer.key("body"); body.write(to: &writer)
        writer.endObject()
    }
}

extension JSONValue {
    /// The same object with other values for some of its members.
    fileprivate func replacing(_ members: [String: JSONValue]) -> JSONValue {
        guard !members.isEmpty, let object else { return self }
        return .object(object.map { JSONMember($0.name, members[$0.name] ?? $0.value) })
    }
}

/// The two sides of a deal.
public enum PartyRole: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case client, worker
}
