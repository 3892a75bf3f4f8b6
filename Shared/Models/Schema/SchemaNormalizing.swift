extension Schema {
    /// `value` with its names in the form that is stored. Everything else stays as it was written.
    public func normalizing(_ value: JSONValue) -> JSONValue {
        guard hasNames else { return value }
        switch (self, value) {
        case (.string, .string(let text)): return .string(PersonName.normalized(text))
        case (.nullable(let wrapped), _): return wrapped.normalizing(value)
        case (.array(let element, _), .array(let elements)): return .array(elements.map(element.normalizing))
        case (.object(let object), .object(let members)):
            return .object(
                members.map { member in
                    let property = object.properties.first { $0.name.isSpelled(member.name) }
                    return JSONMember(member.name, property?.schema.normalizing(member.value) ?? member.value)
                })
        default: return value
        }
    }

    /// Whether the schema contains a name, at any depth.
    private var hasNames: Bool {
        switch self {
        case .string(let rules): rules.isName
        case .nullable(let wrapped), .array(let wrapped, _): wrapped.hasNames
        case .object(let object): object.properties.contains { $0.schema.hasNames }
        case .integer, .number, .amount, .boolean, .any: false
        }
    }
}
