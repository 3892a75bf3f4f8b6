import SharedModels

/// Makes up a JSON value that fits a JSON Schema. The same schema and seed give the same value.
struct SchemaFilling {
    /// Beyond this many levels only the smallest value is given, so that recursive schemas end.
    private static let depthLimit = 12
    /// Texts and lists never exceed this length, even if the schema asks for more.
    private static let longestText = 10_000
    private static let longestList = 100

    private let root: JSONValue
    private let seed: UInt64

    /// - Parameter seed: Chooses among the values that fit.
    init(schema: JSONValue, seed: UInt64) {
        root = schema
        self.seed = seed
    }

    var value: JSONValue { fill(root, named: "value", depth: 0) }

    private func fill(_ schema: JSONValue, named name: String, depth: Int) -> JSONValue {
        guard depth < Self.depthLimit else { return .null }
        if let reference = schema["$ref"]?.string {
            return resolve(reference).map { fill($0, named: name, depth: depth + 1) } ?? .null
        }
        if let constant = schema["const"] { return constant }
        if let choices = schema["enum"]?.array, !choices.isEmpty { return choices[pick(choices.count, name)] }
        if let parts = schema["allOf"]?.array, !parts.isEmpty {
            let merged = parts.reduce(schema) { $0.merging($1.object ?? []) }
            return fill(
                .object((merged.object ?? []).filter { $0.name != "allOf" }), named: name, depth: depth + 1)
        }
        for word in ["anyOf", "oneOf"] {
            if let choice = schema[word]?.array?.first(where: { $0["type"] != "null" }) {
                return fill(choice, named: name, depth: depth + 1)
            }
        }
        switch type(of: schema) {
        case "object": return object(schema, depth: depth)
        case "array": return array(schema, named: name, depth: depth)
        case "integer": return .integer(number(schema, name))
        case "number": return number(between: schema, name)
        case "boolean": return .bool(pick(2, name) == 0)
        case "null": return .null
        default: return .string(text(schema, name))
        }
    }

    private func type(of schema: JSONValue) -> String {
        if let type = schema["type"]?.string { return type }
        if let types = schema["type"]?.array {
            return types.compactMap(\.string).first { $0 != "null" } ?? "null"
        }
        if schema["properties"] != nil { return "object" }
        return schema["items"] != nil ? "array" : "string"
    }

    private func object(_ schema: JSONValue, depth: Int) -> JSONValue {
        .object(
            (schema["properties"]?.object ?? []).map {
                JSONMember($0.name, fill($0.value, named: $0.name, depth: depth + 1))
            })
    }

    private func array(_ schema: JSONValue, named name: String, depth: Int) -> JSONValue {
        let least = Int(clamping: schema["minItems"]?.integer ?? 1)
        let most = Int(clamping: schema["maxItems"]?.integer ?? Int64(Self.longestList))
        let count = max(0, min(max(least, 1), most, Self.longestList))
        return .array(
            (0..<count).map {
                fill(schema["items"] ?? .object([]), named: "\(name) \($0 + 1)", depth: depth + 1)
            })
    }

    /// The middle of the allowed range; 0 to 100 where a side is open.
    private func number(_ schema: JSONValue, _ name: String) -> Int64 {
        let least = schema["minimum"]?.integer ?? schema["exclusiveMinimum"]?.integer.map { $0 &+ 1 }
        let most = schema["maximum"]?.integer ?? schema["exclusiveMaximum"]?.integer.map { $0 &- 1 }
        let low = least ?? min(0, most ?? 0)
        let high = max(low, most ?? max(100, low))
        let (width, overflow) = high.subtractingReportingOverflow(low)
        let middle = overflow ? 0 : low + width / 2
        guard let step = schema["multipleOf"]?.integer, step > 0 else { return middle }
        let rounded = middle / step * step
        return rounded < low ? rounded + step : rounded
    }

    private func number(between schema: JSONValue, _ name: String) -> JSONValue {
        func bound(_ names: [String]) -> Double? {
            names.lazy.compactMap { name -> Double? in
                switch schema[name] {
                case .integer(let number): Double(number)
                case .decimal(let text): Double(text)
                default: nil
                }
            }.first
        }
        let low =
            bound(["minimum", "exclusiveMinimum"]) ?? min(0, bound(["maximum", "exclusiveMaximum"]) ?? 0)
        let high = bound(["maximum", "exclusiveMaximum"]) ?? max(1, low)
        return .decimal("\(low + (high - low) / 2)")
    }

    private func text(_ schema: JSONValue, _ name: String) -> String {
        switch schema["format"]?.string {
        case "date-time": return "2026-01-01T00:00:00Z"
        case "date": return "2026-01-01"
        case "email": return "someone@example.com"
        case "uri": return "https://example.com/"
        case "uuid": return "00000000-0000-4000-8000-000000000000"
        default: break
        }
        let least = min(Int(clamping: schema["minLength"]?.integer ?? 0), Self.longestText)
        let most = min(
            Int(clamping: schema["maxLength"]?.integer ?? Int64(Self.longestText)), Self.longestText)
        var text = "The sandbox's \(name.replacing("_", with: " "))."
        while text.count < least { text += " And more of it." }
        return String(text.prefix(max(least, most)))
    }

    /// `#/$defs/thing`.
    private func resolve(_ reference: String) -> JSONValue? {
        guard reference.hasPrefix("#") else { return nil }
        return reference.split(separator: "/").dropFirst().reduce(JSONValue?.some(root)) { value, segment in
            value?[String(segment).replacing("~1", with: "/").replacing("~0", with: "~")]
        }
    }

    private func pick(_ count: Int, _ name: String) -> Int {
        Int((seed ^ StableHash.of(name)) % UInt64(count))
    }
}
