import SharedModels

/// A request's parameters in Stripe's form encoding: `metadata[order]=7`, `expand[]=latest_charge`,
/// `line_items[0][quantity]=1`.
struct StripeParameters: Sendable, Equatable {
    /// Levels of brackets that are read.
    private static let depthLimit = 8
    /// Stripe's limits on metadata: 50 pairs, names of 40 characters, values of 500.
    private static let metadataLimit = (pairs: 50, name: 40, value: 500)

    /// An object; its leaves are strings.
    private let tree: JSONValue
    /// The text before the names in messages: `line_items[0]`.
    private let prefix: String

    private init(tree: JSONValue, prefix: String) {
        self.tree = tree
        self.prefix = prefix
    }

    /// - Parameter pairs: Decoded. A later value replaces an earlier one of the same name. Under `[]` it is appended
    ///   instead.
    /// - Throws: ``StripeError`` when brackets do not match, go too deep, or one name is both a value and an
    ///   object.
    init(_ pairs: [(name: String, value: String)]) throws(StripeError) {
        var root = Node()
        for (name, value) in pairs {
            guard let path = Self.path(name), path.count <= Self.depthLimit, root.insert(value, at: path[...])
            else {
                throw .invalid(nil, "Invalid parameter name: \(name.prefix(100))", String(name.prefix(100)))
            }
        }
        self.init(tree: root.json, prefix: "")
    }

    /// `a[b][]` as `a`, `b` and an empty segment.
    static func path(_ name: String) -> [String]? {
        let (opening, closing) = (UInt8(ascii: "["), UInt8(ascii: "]"))
        guard let first = name.utf8.firstIndex(of: opening) else { return name.isEmpty ? nil : [name] }
        var segments = [String(name[..<first])]
        var rest = name.utf8[first...]
        while rest.popFirst() == opening {
            guard let end = rest.firstIndex(of: closing) else { return nil }
            segments.append(String(Substring(rest[..<end])))
            rest = rest[rest.index(after: end)...]
            if rest.isEmpty { return segments[0].isEmpty ? nil : segments }
        }
        return nil
    }

    var names: [String] { tree.object?.map(\.name) ?? [] }

    /// - Throws: ``StripeError`` for a parameter that Stripe would not know here.
    func check(names known: Set<String>) throws(StripeError) {
        for name in names where !known.contains(name) { throw .unknownParameter(full(name)) }
    }

    /// All parameters, to tell two requests apart.
    var json: JSONValue { tree }

    /// - Returns: `nil` when it is missing or empty.
    func text(_ name: String) throws(StripeError) -> String? {
        guard let value = tree[name] else { return nil }
        guard let text = value.string else {
            throw .invalid("parameter_invalid_string", "Invalid string: \(full(name))", full(name))
        }
        guard text.count <= 5000 else {
            throw .invalid(
                "parameter_invalid_string", "Invalid string: \(full(name)) must be at most 5000 characters",
                full(name))
        }
        return text.isEmpty ? nil : text
    }

    func required(_ name: String) throws(StripeError) -> String {
        guard let text = try text(name) else { throw .missing(full(name)) }
        return text
    }

    func integer(_ name: String) throws(StripeError) -> Int64? {
        guard let text = try text(name) else { return nil }
        guard let number = Int64(text) else {
            throw .invalid("parameter_invalid_integer", "Invalid integer: \(text.prefix(50))", full(name))
        }
        return number
    }

    func requiredInteger(_ name: String) throws(StripeError) -> Int64 {
        guard let number = try integer(name) else { throw .missing(full(name)) }
        return number
    }

    /// In any case, because older versions of Stripe's Python library write `True`.
    func flag(_ name: String) throws(StripeError) -> Bool? {
        guard let text = try text(name) else { return nil }
        switch text.lowercased() {
        case "true": return true
        case "false": return false
        default: throw .invalid(nil, "Invalid boolean: \(text.prefix(50))", full(name))
        }
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, default initial: Choice
    ) throws(StripeError) -> Choice where Choice.RawValue == String {
        guard let text = try text(name) else { return initial }
        guard let choice = Choice(rawValue: text) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalid(nil, "Invalid \(full(name)): must be one of \(known)", full(name))
        }
        return choice
    }

    /// The parameters under `name`; empty when it is missing.
    func group(_ name: String) throws(StripeError) -> StripeParameters {
        guard let value = tree[name], value != .string("") else {
            return Self(tree: .object([]), prefix: full(name))
        }
        guard value.object != nil else {
            throw .invalid("parameter_invalid", "Invalid object: \(full(name))", full(name))
        }
        return Self(tree: value, prefix: full(name))
    }

    /// The elements under `name[0]`, `name[1]`, …, each as a group.
    func groups(_ name: String) throws(StripeError) -> [StripeParameters] {
        guard let value = tree[name] else { return [] }
        guard let elements = value.array else {
            throw .invalid("parameter_invalid", "Invalid array", full(name))
        }
        return elements.enumerated().map { Self(tree: $1, prefix: "\(full(name))[\($0)]") }
    }

    /// The texts under `name[]`.
    func list(_ name: String) throws(StripeError) -> [String] {
        guard let value = tree[name], value != .string("") else { return [] }
        guard let elements = value.array else {
            throw .invalid("parameter_invalid", "Invalid array", full(name))
        }
        return elements.compactMap(\.string)
    }

    /// `known` with the pairs given here; an empty value removes its name, an empty `metadata` all names.
    func metadata(over known: JSONValue = .object([])) throws(StripeError) -> JSONValue {
        if tree["metadata"] == .string("") { return .object([]) }
        let given = try group("metadata")
        var pairs = known.object ?? []
        for member in given.tree.object ?? [] {
            guard let value = member.value.string, member.name.count <= Self.metadataLimit.name,
                value.count <= Self.metadataLimit.value
            else {
                throw .invalid(
                    nil, "Metadata names have up to 40 characters and values up to 500.",
                    given.full(member.name))
            }
            pairs.removeAll { $0.name == member.name }
            if !value.isEmpty { pairs.append(JSONMember(member.name, .string(value))) }
        }
        guard pairs.count <= Self.metadataLimit.pairs else {
            throw .invalid(nil, "Metadata has up to 50 pairs.", "metadata")
        }
        return .object(pairs)
    }

    private func full(_ name: String) -> String {
        prefix.isEmpty ? name : "\(prefix)[\(name)]"
    }
}

/// The tree while it is being read.
private struct Node {
    private var text: String?
    private var children: [(name: String, node: Node)] = []

    /// - Returns: `false` when a value and an object meet.
    mutating func insert(_ value: String, at path: ArraySlice<String>) -> Bool {
        guard let first = path.first else {
            guard children.isEmpty else { return false }
            text = value
            return true
        }
        guard text == nil else { return false }
        let name = first.isEmpty ? "\(children.count)" : first
        if let index = children.firstIndex(where: { $0.name == name }) {
            return children[index].node.insert(value, at: path.dropFirst())
        }
        var child = Node()
        guard child.insert(value, at: path.dropFirst()) else { return false }
        children.append((name, child))
        return true
    }

    /// Children named 0, 1, … form an array. No children form an object, at the root only.
    var json: JSONValue {
        if let text { return .string(text) }
        let isArray = !children.isEmpty && children.enumerated().allSatisfy { $1.name == "\($0)" }
        return isArray
            ? .array(children.map(\.node.json)) : .object(children.map { JSONMember($0.name, $0.node.json) })
    }
}
