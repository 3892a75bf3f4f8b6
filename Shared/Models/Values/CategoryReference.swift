/// A category as people refer to it: by its id in any form, or by its name in any writing. An empty text names no category.
public struct CategoryReference: Hashable, Sendable, Codable {
    public let text: String

    public init(_ text: String) {
        self.text = text
    }

    public init(_ id: CategoryID) {
        self.init(id.objectID)
    }

    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    /// `nil` for a name.
    public var id: CategoryID? { CategoryID(text) }
}

extension CategoryReference: SchemaDescribed {
    public static var schema: Schema {
        var rules = StringRules()
        rules.length = 0...CatalogueName.longest
        rules.mayBeBlank = true
        return .string(rules)
    }

    public static var sample: Self { Self(CategoryID.sample) }
}
