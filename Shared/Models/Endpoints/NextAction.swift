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

    public init(_ action: String, _ method: Method, _ href: String, by: [PartyRole], deadline: Timestamp? = nil) {
        self.action = action
        self.method = method.rawValue
        self.href = href
        self.by = by
        self.deadline = deadline
    }

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
        writer.endObject()
    }
}

/// The two sides of a deal.
public enum PartyRole: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case client, worker
}
