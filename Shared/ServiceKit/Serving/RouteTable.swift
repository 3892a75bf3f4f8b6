import SharedModels

/// Finds what answers a method and a path. A name in a template takes one segment that is not empty, and `**` takes the
/// rest; where a template has the segment itself, that one wins.
package struct RouteTable: Sendable {
    package typealias Parameters = [(name: String, value: String)]
    package typealias Responder = @Sendable (IncomingRequest, Parameters) async -> ServedAnswer

    private struct Entry {
        let method: String
        let names: [String]
        let respond: Responder
    }

    private struct Node {
        var literals: [(segment: String, node: Int)] = []
        var parameter: Int?
        var entries: [Entry] = []
        /// Those that also answer everything below.
        var rest: [Entry] = []
    }

    private var nodes = [Node()]

    package init() {}

    package mutating func add(_ method: SharedModels.Method, _ template: String, _ respond: @escaping Responder) {
        var (node, names) = (0, [String]())
        for segment in template.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            let segment = String(Substring(segment))
            if segment == "**" {
                nodes[node].rest.append(Entry(method: method.rawValue, names: names, respond: respond))
                return
            } else if segment.hasPrefix("{") {
                names.append(String(segment.dropFirst().dropLast()))
                let next = nodes[node].parameter ?? grow()
                nodes[node].parameter = next
                node = next
            } else if let known = nodes[node].literals.first(where: { $0.segment == segment }) {
                node = known.node
            } else {
                let next = grow()
                nodes[node].literals.append((segment, next))
                node = next
            }
        }
        nodes[node].entries.append(Entry(method: method.rawValue, names: names, respond: respond))
    }

    private mutating func grow() -> Int {
        nodes.append(Node())
        return nodes.count - 1
    }

    package func find(_ method: String, _ path: String) -> (respond: Responder, parameters: Parameters)? {
        guard path.utf8.first == UInt8(ascii: "/") else { return nil }
        var values: [Substring] = []
        // A method that is not there makes no other template right.
        let entries = entries(of: path.utf8.dropFirst(), below: 0, &values)
        guard let entry = entries.first(where: { $0.method == method }) else { return nil }
        return (entry.respond, zip(entry.names, values).map { ($0, String($1)) })
    }

    private func entries(of rest: Substring.UTF8View, below index: Int, _ values: inout [Substring]) -> [Entry] {
        let node = nodes[index]
        let segment = rest.prefix { $0 != UInt8(ascii: "/") }
        let isLast = segment.endIndex == rest.endIndex
        func descend(_ next: Int, _ values: inout [Substring]) -> [Entry] {
            guard !isLast else { return nodes[next].entries }
            return entries(of: rest[segment.endIndex...].dropFirst(), below: next, &values)
        }
        if let literal = node.literals.first(where: { $0.segment.utf8.elementsEqual(segment) }) {
            let found = descend(literal.node, &values)
            if !found.isEmpty { return found }
        }
        guard !segment.isEmpty else { return [] }
        if let parameter = node.parameter {
            values.append(Substring(segment))
            let found = descend(parameter, &values)
            if !found.isEmpty { return found }
            values.removeLast()
        }
        return node.rest
    }
}
