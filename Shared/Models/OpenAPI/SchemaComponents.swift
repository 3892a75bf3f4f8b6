/// The named schemas found while a document is written.
struct SchemaComponents {
    /// A character that is neither a space nor a control character.
    private static let visible = #"[^\s\u0000-\u001f\u007f-\u009f]"#

    private(set) var members: [JSONMember] = []
    private var shapes: [String: [String]] = [:]
    /// The types that callers send. Their optional members may be left out, and others are refused. An answer has all
    /// its members, and may have more after an upgrade.
    private let sent: Set<String>

    init(sent: [Schema]) {
        self.sent = Set(sent.flatMap(\.namedObjects).compactMap(\.name))
    }

    /// `schema` in JSON Schema (2020-12), with references in place of named objects and enums.
    mutating func reference(_ schema: Schema, isSent: Bool = true) -> JSONValue {
        switch schema {
        case .string(let rules): return string(rules)
        case .integer(let range): return Self.integer(range, isSent: isSent)
        case .number(let range):
            let bounds = range.map { Self.bounds($0, isSent: isSent) { .integer($0) } } ?? []
            return .object(Self.number + bounds)
        case .amount(let range, let decimals):
            let unit: JSONValue = .string("Major units, with at most \(decimals.rawValue) decimal places")
            return .object(
                Self.number + Self.bounds(range, isSent: isSent, decimals.number) + [JSONMember("description", unit)])
        case .boolean: return ["type": "boolean"]
        case .any: return [:]
        case .nullable(let wrapped): return Self.orNull(reference(wrapped, isSent: isSent))
        case .array(let element, let count):
            var members = [JSONMember("type", "array"), JSONMember("items", reference(element, isSent: isSent))]
            if count.lowerBound > 0 { members.append(JSONMember("minItems", .integer(Int64(count.lowerBound)))) }
            if isSent { members.append(JSONMember("maxItems", .integer(Int64(count.upperBound)))) }
            return .object(members)
        case .object(let object):
            guard let name = name(of: object) else { return write(object) }
            return component(name) { $0.write(object) }
        }
    }

    /// A reference to the component of that name, which is written when it is first referred to.
    mutating func component(_ name: String, _ write: (inout Self) -> JSONValue) -> JSONValue {
        if !members.contains(where: { $0.name == name }) {
            // Its place is taken first, so that a recursive type does not recurse forever.
            members.append(JSONMember(name, .null))
            let written = write(&self)
            members = members.map { $0.name == name ? JSONMember(name, written) : $0 }
        }
        return ["$ref": .string("#/components/schemas/\(name)")]
    }

    /// The media type object of a body with that schema, with an example.
    mutating func content(_ schema: Schema) -> JSONValue {
        ["schema": reference(schema), "example": Example.make(of: schema)]
    }

    /// A type whose members are named differently in two key styles becomes two components.
    private mutating func name(of object: ObjectSchema) -> String? {
        guard let name = object.name else { return nil }
        let shape = Schema.object(object).memberNames
        let known = shapes[name] ?? shape
        shapes[name] = known
        return known == shape ? name : "\(name)CamelCase"
    }

    private mutating func write(_ object: ObjectSchema) -> JSONValue {
        guard let variants = object.variants else { return write(object, as: nil, of: nil) }
        var mapping: [JSONMember] = []
        var forms: [JSONValue] = []
        for form in variants.forms {
            let name = form.value.prefix(1).uppercased() + form.value.dropFirst() + (object.name ?? "")
            let reference = component(name) { $0.write(object, as: form, of: variants) }
            forms.append(reference)
            mapping.append(JSONMember(form.value, reference["$ref"] ?? .null))
        }
        let discriminator = object.style.name(of: variants.discriminator)
        return [
            "oneOf": .array(forms),
            "discriminator": ["propertyName": .string(discriminator), "mapping": .object(mapping)],
        ]
    }

    private mutating func write(_ object: ObjectSchema, as form: Variants.Form?, of variants: Variants?) -> JSONValue {
        let isSent = object.name.map(sent.contains) ?? true
        let properties = object.properties.map { property -> JSONMember in
            var schema: JSONValue
            if let form, property.member == variants?.discriminator {
                schema = ["type": "string", "enum": [.string(form.value)]]
            } else if let form, property.member == variants?.member, case .object(let part) = property.schema {
                schema = configuration(part, form)
            } else {
                schema = reference(property.schema, isSent: isSent)
            }
            // Money has one type in every body, however little it can be in this one.
            if property.member.hasSuffix("Cents") || property.member.hasSuffix("Minor") {
                schema = schema.replacing("format", with: "int64")
            }
            if let text = MemberDescriptions.text(of: property, in: object.name, isSent: isSent) {
                schema = schema.describing(text)
            }
            return JSONMember(property.name, schema)
        }
        let required = object.properties.filter { $0.isRequired || (!isSent && $0.schema.isNullable) }
        var members: [JSONMember] = [
            JSONMember("type", "object"), JSONMember("properties", .object(properties)),
            JSONMember("required", .array(required.map { .string($0.name) })),
        ]
        if isSent { members.append(JSONMember("additionalProperties", false)) }
        return .object(members)
    }

    /// The members of a configuration that one form has.
    private mutating func configuration(_ object: ObjectSchema, _ form: Variants.Form) -> JSONValue {
        let name = form.value.prefix(1).uppercased() + form.value.dropFirst() + (object.name ?? "")
        let properties = object.properties.filter { form.members.contains($0.member) }
        return component(name) { components in
            components.write(
                ObjectSchema(
                    name: object.name, style: object.style,
                    properties: properties.map {
                        ObjectSchema.Property($0.name, member: $0.member, $0.schema.withoutPattern, isRequired: true)
                    }), as: nil, of: nil)
        }
    }

    /// A number without a format has 32 bits in libraries for Go, which are too few for an amount with two decimals.
    private static let number = [JSONMember("type", "number"), JSONMember("format", "double")]

    private static func integer(_ range: ClosedRange<Int64>, isSent: Bool) -> JSONValue {
        let fits = Int64(Int32.min)...Int64(Int32.max)
        let format: JSONValue = fits.contains(range) ? "int32" : "int64"
        return .object(
            [JSONMember("type", "integer"), JSONMember("format", format)]
                + bounds(range, isSent: isSent) { .integer($0) })
    }

    /// An answer names only the bounds that follow from what the number means. A request also those of what we read.
    private static func bounds(
        _ range: ClosedRange<Int64>, isSent: Bool, _ written: (Int64) -> JSONValue
    ) -> [JSONMember] {
        var bounds: [JSONMember] = []
        if isSent || range.lowerBound > Schema.integers.lowerBound {
            bounds.append(JSONMember("minimum", written(range.lowerBound)))
        }
        if isSent || range.upperBound < Schema.largestInteger {
            bounds.append(JSONMember("maximum", written(range.upperBound)))
        }
        return bounds
    }

    /// `schema` or `null`, with `null` among the types where it can be.
    private static func orNull(_ schema: JSONValue) -> JSONValue {
        guard let members = schema.object, !members.isEmpty else { return schema }
        guard let type = schema["type"] else { return ["oneOf": [schema, ["type": "null"]]] }
        return .object(
            members.map { member in
                switch member.name {
                case "type": JSONMember("type", [type, "null"])
                case "enum": JSONMember("enum", .array((member.value.array ?? []) + [.null]))
                default: member
                }
            })
    }

    /// What a choice's words are called in libraries. One without letters is what counts when nothing is chosen.
    static func constants(of name: String, _ words: [String]) -> JSONValue {
        .array(words.map { .string(constant("\(name) \($0.isEmpty ? "default" : $0)")) })
    }

    /// `GIG_STATUS_DRAFT` of `GigStatus draft`.
    private static func constant(_ words: String) -> String {
        var constant = ""
        var previous: Character = "_"
        for character in words {
            let isStart = character.isUppercase && (previous.isLowercase || previous.isNumber)
            if (isStart || !(character.isLetter || character.isNumber)) && previous != "_" { constant.append("_") }
            if character.isLetter || character.isNumber { constant.append(character.uppercased()) }
            previous = constant.last == "_" ? "_" : character
        }
        return constant
    }

    private mutating func string(_ rules: StringRules) -> JSONValue {
        if let name = rules.valuesName {
            var plain = rules
            plain.valuesName = nil
            return component(name) { components in
                var schema = components.string(plain)
                // Some languages have all constants in one place, so each has the type's name before it.
                schema = schema.replacing("x-enum-varnames", with: Self.constants(of: name, rules.values ?? []))
                return MemberDescriptions.text(ofEnum: name).map(schema.describing) ?? schema
            }
        }
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

extension ClosedRange where Bound == Int64 {
    fileprivate func contains(_ other: Self) -> Bool {
        lowerBound <= other.lowerBound && other.upperBound <= upperBound
    }
}

extension Schema {
    /// The names of all members, at every depth.
    fileprivate var memberNames: [String] {
        switch self {
        case .object(let object): object.properties.flatMap { [$0.name] + $0.schema.memberNames }
        case .array(let wrapped, _), .nullable(let wrapped): wrapped.memberNames
        case .string, .integer, .number, .amount, .boolean, .any: []
        }
    }

    /// A library for Go checks the forms of a ``VariedModel`` by their patterns, and cannot read ours.
    fileprivate var withoutPattern: Schema {
        guard case .string(var rules) = self else { return self }
        rules.mayBeBlank = true
        return .string(rules)
    }

    var hasRequiredMembers: Bool {
        if case .object(let object) = self { object.properties.contains(where: \.isRequired) } else { true }
    }

    fileprivate var isNullable: Bool {
        if case .nullable = self { true } else { false }
    }

    /// Whether a member of any value can be `null`, too.
    var mayBeNull: Bool {
        if case .any = self { true } else { isNullable }
    }
}

extension JSONValue {
    /// The object with another value for a member, or with one more.
    func replacing(_ name: String, with value: JSONValue) -> JSONValue {
        guard let members = object else { return self }
        let isThere = members.contains { $0.name == name }
        return .object(
            isThere
                ? members.map { $0.name == name ? JSONMember(name, value) : $0 } : members + [JSONMember(name, value)])
    }

    /// The schema with that description, instead of what it has, or before that.
    func describing(_ text: String) -> JSONValue {
        guard let members = object else { return self }
        let own = self["description"]?.string.map { "\(text) (\($0.prefix(1).lowercased() + $0.dropFirst()))" }
        return .object(
            members.filter { $0.name != "description" } + [JSONMember("description", .string(own ?? text))])
    }
}
