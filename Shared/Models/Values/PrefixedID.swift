/// An id as the SkillSync surface writes it: `<prefix>_` and 32 hexadecimal digits. Either written form is read.
public struct PrefixedID<Kind: IdentifierKind>: Hashable, Sendable, Codable {
    public let id: Identifier<Kind>

    public init(_ id: Identifier<Kind>) {
        self.id = id
    }

    public init(from decoder: any Decoder) throws {
        self.init(try Identifier(from: decoder))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(id.prefixed)
    }
}

extension PrefixedID: SchemaDescribed {
    public static var schema: Schema {
        var rules = StringRules()
        rules.idPrefix = Kind.prefix
        return .string(rules)
    }

    public static var sample: Self { Self(.sample) }
}
