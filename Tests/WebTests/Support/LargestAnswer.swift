import SharedModels

/// An answer with every list as long as was asked for, and every text as long as people may write it.
///
/// How long that is, is read from the rules of what callers send, by the member's name. Links have 200 characters.
enum LargestAnswer {
    /// Lists without a rule, and not cut into pages, have so many; those that the services bound have their own number.
    private static let unruled = 20
    /// A list inside another has no more: there would be more than any test can read.
    private static let mostInside = 6
    private static let bounds = [
        "next_actions": 4, "by": 1, "milestones": 50, "vouched_by": 100, "evidence": 20, "counter_evidence": 20,
        "entries": 300, "currencies": 2,
    ]
    /// What is evidence is described more shortly than a gig.
    private static let evidence: Set = ["evidence", "counter_evidence"]
    /// Answers call these texts otherwise than requests do.
    private static let otherNames = [
        "gig_title": 200, "delivery_note": 5000, "revision_notes": 5000, "end_note": 5000, "review_text": 5000,
        "response_body": 1024, "text": 5000, "skills": 50, "display_name": 100, "description": 20_000, "scope": 20_000,
    ]

    static func of(_ operation: SharedModels.Operation, _ example: JSONValue, query: String) -> JSONValue {
        swollen(example, nil, limit: limit(of: operation, query), isInside: false, in: nil)
    }

    private static func limit(of operation: SharedModels.Operation, _ query: String) -> Int? {
        guard let parameter = operation.query.first(where: { ["limit", "per_page"].contains($0.name) }) else {
            return nil
        }
        let asked = query.split(separator: "&").first { $0.hasPrefix("\(parameter.name)=") }
        return asked.flatMap { Int($0.dropFirst(parameter.name.count + 1)) }
            ?? parameter.initial?.integer.map { Int($0) }
    }

    /// - Parameters:
    ///   - limit: How long a list is that is a member of the answer itself.
    ///   - outer: The member that the value is a part of.
    private static func swollen(
        _ value: JSONValue, _ name: String?, limit: Int?, isInside: Bool, in outer: String?
    ) -> JSONValue {
        if let object = value.object {
            let inner = name == nil ? limit : nil
            return .object(
                object.map {
                    JSONMember($0.name, swollen($0.value, $0.name, limit: inner, isInside: isInside, in: name))
                })
        }
        if let list = value.array {
            guard !list.isEmpty, let name else { return value }
            let most = limit ?? bounds[name] ?? Self.rules.counts[name] ?? unruled
            let count = isInside ? min(most, mostInside) : most
            return .array(
                (0..<count).map { swollen(list[$0 % list.count], name, limit: nil, isInside: true, in: outer) })
        }
        guard let text = value.string, let name else { return value }
        if name.hasSuffix("url") { return .string(text + String(repeating: "a", count: max(0, 200 - text.count))) }
        // Ids have a form of their own, also where callers may send a text.
        guard !name.hasSuffix("_id") else { return value }
        let isEvidence = outer.map(evidence.contains) ?? false
        guard let length = isEvidence ? 5000 : otherNames[name] ?? rules.lengths[name] else { return value }
        return .string(String(String(repeating: "words and ", count: length / 10 + 1).prefix(length)))
    }

    private struct Rules {
        var lengths: [String: Int] = [:]
        var counts: [String: Int] = [:]
        /// Not every text is a member's value: these are words from a list, or have a form.
        var formal: Set<String> = []

        mutating func collect(_ schema: Schema, _ name: String) {
            switch schema {
            case .string(let rules):
                if rules.values != nil || rules.format != nil || rules.pattern != nil || rules.isObjectID {
                    formal.insert(name)
                } else if rules.length.upperBound < 1_000_000 {
                    lengths[name] = max(lengths[name] ?? 0, rules.length.upperBound)
                }
            case .array(let element, let count):
                if count.upperBound < 10_000 { counts[name] = max(counts[name] ?? 0, count.upperBound) }
                collect(element, name)
            case .object(let object):
                for property in object.properties { collect(property.schema, property.name) }
            case .nullable(let schema): collect(schema, name)
            default: break
            }
        }
    }

    private static let rules: Rules = {
        var rules = Rules()
        for operation in Catalogue.published {
            for schema in [operation.inputSchema, operation.outputSchema].compactMap(\.self) {
                rules.collect(schema, "")
            }
        }
        rules.lengths = rules.lengths.filter { !rules.formal.contains($0.key) }
        return rules
    }()
}
