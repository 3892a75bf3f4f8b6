import SharedModels

extension AgentGuide {
    /// One endpoint: the body to send, and the members of the answer that matter here.
    static func line<Input, Output>(_ endpoint: Endpoint<Input, Output>, answers: String) -> String {
        let operation = endpoint.operation
        let body = operation.inputSchema.map { " \(members(of: $0))" } ?? ""
        return "`\(operation.method.rawValue) \(operation.path)\(body) -> \(operation.success) {\(answers)}`"
    }

    static func path<Input, Output>(_ endpoint: Endpoint<Input, Output>) -> String {
        endpoint.operation.path
    }

    /// The members of a body with their kinds: `{title: text 1..200, rate_cents?: integer}`.
    private static func members(of schema: Schema) -> String {
        guard case .object(let object) = schema else { return kind(of: schema) }
        let members = object.properties.map {
            "\($0.name)\($0.isRequired ? "" : "?"): \(kind(of: $0.schema))"
        }
        return "{\(members.joined(separator: ", "))}"
    }

    private static func kind(of schema: Schema) -> String {
        switch schema {
        case .string(let rules): kind(of: rules)
        case .integer(let range):
            range.upperBound > 1_000_000_000 ? "integer" : "integer \(range.lowerBound)..\(range.upperBound)"
        case .number, .amount: "number"
        case .boolean: "boolean"
        case .any: "anything"
        case .nullable(let wrapped): kind(of: wrapped)
        case .array(let element, _): "[\(kind(of: element))]"
        case .object: members(of: schema)
        }
    }

    private static func kind(of rules: StringRules) -> String {
        guard let values = rules.values else {
            let length =
                rules.length.upperBound < 1_000_000 ? " \(rules.length.lowerBound)..\(rules.length.upperBound)" : ""
            return rules.format?.word ?? "text\(length)"
        }
        // Longer lists are explained beside the endpoint or in the OpenAPI document.
        return values.count > 7 ? "text" : values.joined(separator: "|")
    }
}

extension StringFormat {
    fileprivate var word: String {
        switch self {
        case .uuid: "id"
        case .date: "date"
        case .dateTime: "time"
        case .uri: "url"
        case .email: "email"
        }
    }
}
