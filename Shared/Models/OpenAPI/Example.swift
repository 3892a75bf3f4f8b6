/// Made-up requests and answers for the document and the guides, derived from their schemas.
///
/// A member gets the value that ``ExampleValues`` names for it, or else one from its list of values, its format or its
/// range. So every endpoint has examples as soon as it is declared.
public enum Example {
    /// A value that fits `schema`.
    public static func make(of schema: Schema) -> JSONValue { value(of: schema, "", in: nil) }

    private static func value(of schema: Schema, _ member: String, in type: String?) -> JSONValue {
        // Members of one name can have different forms.
        if let named = ExampleValues.named(member, in: type), schema.issues(in: named).isEmpty { return named }
        switch schema {
        case .string(let rules):
            return .string(rules.values?.first ?? rules.format?.example ?? rules.idExample ?? member)
        case .integer(let range): return .integer(min(max(1, range.lowerBound), range.upperBound))
        case .number: return .decimal("0.5")
        case .amount(let range, let decimals):
            return decimals.number(min(max(120_000, range.lowerBound), range.upperBound))
        case .boolean: return true
        case .any: return [:]
        case .nullable(let wrapped): return value(of: wrapped, member, in: type)
        case .array(let element, _): return [value(of: element, "", in: nil)]
        case .object(let object):
            return .object(
                object.properties.map { JSONMember($0.name, value(of: $0.schema, $0.member, in: object.name)) })
        }
    }
}

extension Operation {
    /// A body that the endpoint accepts; `nil` when it takes no body or one that is not JSON.
    public var inputExample: JSONValue? { inputSchema.map(Example.make) }
    /// An answer of the endpoint; `nil` when it has no body or one that is not JSON.
    public var outputExample: JSONValue? { outputSchema.map(Example.make) }
}

extension StringRules {
    fileprivate var idExample: String? {
        isObjectID ? "019cabcd0001000000000001" : idPrefix.map { "\($0)_019cabcd000170008000000000000001" }
    }
}

extension StringFormat {
    fileprivate var example: String {
        switch self {
        case .uuid: "019cabcd-0001-7000-8000-000000000001"
        case .date: "2026-03-09"
        case .dateTime: "2026-03-02T09:00:00Z"
        case .uri: "https://example.com/invoices"
        case .email: "ada@example.com"
        }
    }
}
