/// The named schemas found while a document is written.
struct SchemaComponents {
    /// A character that is neither a space nor a control character.
    private static let visible = #"[^\s\u0000-\u001f\u007f-\u009f]"#

    private(set) var members: [JSONMember] = []
    private var styles: [String: KeyStyle] = [:]

    /// `schema` in JSON Schema (2020-12), with references in place of named objects.
    mutating func reference(_ schema: Schema) -> JSONValue {
        switch schema {
        case .string(let rules): return string(rules)
        case .integer(let range):
            return ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
        case .number: return ["type": "number"]
        case .amount(let range, let decimals):
            return [
                "type": "number", "minimum": decimals.number(range.lowerBound),
                "maximum": decimals.number(range.upperBound),
                "description": "Major units, with at most \(decimals.rawValue) decimal places",
            ]
        case .boolean: return ["type": "boolean"]
        case .any: return [:]
        case .nullable(let wrapped): return ["anyOf": [reference(wrapped), ["type": "null"]]]
        case .array(let element, let count):
            var members = [JSONMember("type", "array"), JSONMember("items", reference(element))]
            if count.lowerBound > 0 { members.append(JSONMember("minItems", .integer(Int64(count.lowerBound)))) }
            members.append(JSONMember("maxItems", .integer(Int64(count.upperBound))))
            return .object(members)
        case .object(let object):
            guard let name = name(of: object) else { return write(object) }
            if !members.contains(where: { $0.name == name }) {
                // Its place is taken first, so that a recursive type does not recurse forever.
                members.append(JSONMember(name, .null))
                let written = write(object)
                members = members.map { $0.name == name ? JSONMember(name, written) : $0 }
            }
            return ["$ref": .string("#/components/schemas/\(name)")]
        }
    }

    /// The media type object of a body with that schema, with an example.
    mutating func content(_ schema: Schema) -> JSONValue {
        ["schema": reference(schema), "example": Example.make(of: schema)]
    }

    /// A type that is written in two key styles becomes two components.
    private mutating func name(of object: ObjectSchema) -> String? {
        guard let name = object.name else { return nil }
        let style = styles[name] ?? object.style
        styles[name] = style
        return style == object.style ? name : "\(name)_\(object.style)"
    }

    private mutating func write(_ object: ObjectSchema) -> JSONValue {
        let properties = object.properties.map { JSONMember($0.name, reference($0.schema)) }
        return [
            "type": "object",
            "properties": .object(properties),
            "required": .array(object.properties.filter(\.isRequired).map { .string($0.name) }),
            "additionalProperties": false,
        ]
    }

    private func string(_ rules: StringRules) -> JSONValue {
        var members = [JSONMember("type", "string")]
        if let values = rules.values { members.append(JSONMember("enum", .array(values.map { .string($0) }))) }
        if let format = rules.format { members.append(JSONMember("format", .string(format.rawValue))) }
        if rules.length.lowerBound > 0 {
            members.append(JSONMember("minLength", .integer(Int64(rules.length.lowerBound))))
        }
        if rules.length.upperBound < 1_000_000 {
            members.append(JSONMember("maxLength", .integer(Int64(rules.length.upperBound))))
        }
        if let prefix = rules.idPrefix {
            let form = rules.isObjectID ? "[0-9a-f]{24}" : "\(prefix)_[0-9a-f]{32}"
            members.append(JSONMember("pattern", .string("^(\(form)|[0-9a-f-]{36})$")))
        } else if let pattern = rules.pattern ?? (rules.mayBeBlank || rules.format != nil ? nil : Self.visible) {
            members.append(JSONMember("pattern", .string(pattern)))
        }
        return .object(members)
    }
}

extension Schema {
    var hasRequiredMembers: Bool {
        if case .object(let object) = self { object.properties.contains(where: \.isRequired) } else { true }
    }
}
