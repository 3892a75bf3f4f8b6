import Testing

/// What Compose gives each container, for the part of its language that our files use: nested mappings,
/// anchors, aliases and merges, and `${NAME:-default}`.
struct ComposeFile {
    private indirect enum Node {
        case text(String)
        case mapping([String: Node])

        subscript(key: String) -> Node? { if case .mapping(let members) = self { members[key] } else { nil } }
    }

    private var services: [String: Node] = [:]

    init(_ text: String) throws {
        var parser = Parser(text)
        let document = Node.mapping(try parser.mapping(indentedBy: 0))
        guard case .mapping(let services)? = document["services"] else { throw Unreadable(line: "services") }
        self.services = services
    }

    var serviceNames: Set<String> { Set(services.keys) }

    /// The variables of a service, not filled in; of this file and then of `overlay`, which wins.
    func environment(of service: String, under overlay: ComposeFile? = nil) -> [String: String] {
        var values: [String: String] = [:]
        if case .mapping(let members)? = services[service]?["environment"] {
            for case (let name, .text(let value)) in members { values[name] = value }
        }
        return values.merging(overlay?.environment(of: service) ?? [:]) { $1 }
    }

    /// A member of a container that is written on one line; `nil` when it is not there.
    func text(_ member: String, of container: String) -> String? {
        if case .text(let text)? = services[container]?[member] { text } else { nil }
    }

    func networks(of container: String) -> Set<String> {
        switch services[container]?["networks"] {
        case .mapping(let members): Set(members.keys)
        case .text(let list): Set(list.split { !$0.isLetter }.map(String.init))
        case nil: []
        }
    }

    /// Fills in the variables of Compose's own environment: `given`, otherwise the default.
    ///
    /// - Throws: ``Unreadable`` for a required variable that is not given.
    static func filled(_ text: String, _ given: [String: String] = [:]) throws -> String {
        try text.replacing(/\$\{([A-Z0-9_]+)(:-|:\?)?([^}]*)\}/) { match in
            let name = String(match.1)
            if let value = given[name] { return value }
            guard match.2 != ":?" else { throw Unreadable(line: "\(name) must be given") }
            return String(match.3)
        }
    }

    struct Unreadable: Error { let line: String }

    private struct Parser {
        private var lines: ArraySlice<(indentation: Int, text: Substring)>
        private var anchors: [Substring: Node] = [:]

        init(_ text: String) {
            lines =
                text.split(separator: "\n").map { line in
                    let text = line.drop { $0 == " " }
                    return (line.count - text.count, text)
                }.filter { !$0.text.hasPrefix("#") && !$0.text.isEmpty }[...]
        }

        mutating func mapping(indentedBy indentation: Int) throws -> [String: Node] {
            var members: [String: Node] = [:]
            while let line = lines.first, line.indentation == indentation {
                lines.removeFirst()
                if line.text.hasPrefix("-") { continue }
                guard let parts = line.text.wholeMatch(of: /([^:\s]+):(?:\s+(.*))?/) else {
                    throw Unreadable(line: String(line.text))
                }
                var rest = parts.2 ?? ""
                var anchor: Substring?
                if rest.hasPrefix("&") {
                    anchor = rest.dropFirst().prefix { $0 != " " }
                    rest = rest.drop { $0 != " " }.drop { $0 == " " }
                }
                let node = try value(rest, below: indentation)
                if parts.1 == "<<" {
                    // A member beside a merge overrides the merged one.
                    if case .mapping(let merged) = node { members.merge(merged) { own, _ in own } }
                } else {
                    members[String(parts.1)] = node
                }
                if let anchor { anchors[anchor] = node }
            }
            return members
        }

        private mutating func value(_ text: Substring, below indentation: Int) throws -> Node {
            if text.hasPrefix("*") || text.hasPrefix("[*") {
                var merged: [String: Node] = [:]
                for name in text.matches(of: /\*([a-z-]+)/).map(\.1) {
                    guard case .mapping(let members)? = anchors[name] else { throw Unreadable(line: String(text)) }
                    merged.merge(members) { first, _ in first }
                }
                return .mapping(merged)
            }
            guard text.isEmpty else { return .text(text.trimming("\"")) }
            guard let next = lines.first, next.indentation > indentation else { return .mapping([:]) }
            return .mapping(try mapping(indentedBy: next.indentation))
        }
    }
}

extension Substring {
    fileprivate func trimming(_ character: Character) -> String {
        var rest = self
        while rest.first == character { rest.removeFirst() }
        while rest.last == character { rest.removeLast() }
        return String(rest)
    }
}
