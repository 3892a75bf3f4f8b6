import Postgres
import SharedModels

/// One object of the sandbox's Stripe: the JSON that Stripe would show, and its internal data.
struct StripeObject: Sendable, Equatable {
    let id: String
    let kind: StripeKind
    private(set) var body: JSONValue
    var hidden: JSONValue = .object([])
    /// When it next changes without a request.
    var dueAt: Timestamp?

    /// A new object. `members` follow those that say what it is.
    init(_ kind: StripeKind, id: String? = nil, _ members: [JSONMember]) {
        self.kind = kind
        self.id = id ?? kind.makeID()
        body = .object(
            [JSONMember("id", .string(self.id)), JSONMember("object", .string(kind.rawValue))]
                + (kind.saysItsMode ? [JSONMember("livemode", false)] : []) + members)
    }

    init(row: Row) throws {
        id = try row.decode("id")
        kind = try row.decode("kind")
        body = try JSONValue.parse(row.decode("body", as: JSONB.self).bytes)
        hidden = try JSONValue.parse(row.decode("hidden", as: JSONB.self).bytes)
        dueAt = try row.decode("due_at")
    }

    /// What is left of a deleted object: it can still be looked up, but no list contains it.
    var deleted: StripeObject {
        var rest = self
        rest.body = ["id": .string(id), "object": .string(kind.rawValue), "deleted": true]
        rest.hidden = .object([])
        rest.dueAt = nil
        return rest
    }

    var isDeleted: Bool { self["deleted"] == true }

    subscript(name: String) -> JSONValue {
        get { body[name] ?? .null }
        set { body = body.setting(name, newValue) }
    }

    func text(_ name: String) -> String { self[name].string ?? "" }
    /// In minor units; 0 when it is missing.
    func amount(_ name: String) -> Int64 { self[name].integer ?? 0 }
}
