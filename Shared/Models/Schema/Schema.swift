/// The shape of a JSON value, as far as OpenAPI 3.1 shows it and the input check enforces it.
public indirect enum Schema: Sendable {
    case string(StringRules)
    case integer(ClosedRange<Int64>)
    /// Any number, or one in that range.
    case number(ClosedRange<Int64>?)
    /// An amount of money in major units: a number of at most so many decimal places, its range in minor units.
    case amount(ClosedRange<Int64>, Decimals)
    case boolean
    case array(of: Schema, count: ClosedRange<Int>)
    case object(ObjectSchema)
    /// `value` or `null`.
    case nullable(Schema)
    /// Any JSON value.
    case any

    /// A string of any length up to the body limit.
    public static let string = Schema.string(StringRules())
    /// Whole numbers up to this, 2^53 - 1, survive every JSON reader (RFC 8259, section 6).
    static let largestInteger: Int64 = 9_007_199_254_740_991
    static let integers = -largestInteger...largestInteger
    public static let integer = Schema.integer(integers)
    public static let number = Schema.number(nil)

    public static func array(of element: Schema) -> Schema { .array(of: element, count: 0...10_000) }
}

/// The rules for a string. Lengths count Unicode scalars, as JSON Schema does.
public struct StringRules: Sendable {
    public var length: ClosedRange<Int> = 0...1_000_000
    /// If `false`, a text without a visible character, such as white space alone, is refused.
    public var mayBeBlank = true
    /// Whether the text is a name and follows the rules of ``PersonName``.
    public var isName = false
    public var values: [String]?
    /// The name of the enum whose cases are ``values``, all of them; the component's name in OpenAPI.
    public var valuesName: String?
    /// An ECMA-262 expression for the document. The code that reads the value enforces it.
    public var pattern: String?
    public var format: StringFormat?
    /// The text is an id that we write as this prefix, `_` and 32 hexadecimal digits. A plain UUID is read, too.
    public var idPrefix: String?
    /// The id is written as 24 hexadecimal digits instead (``ObjectID``).
    public var isObjectID = false

    public init() {}
}

public enum StringFormat: String, Sendable {
    case uuid
    case date
    case dateTime = "date-time"
    /// An absolute `http` or `https` URL with a host.
    case uri
    case email
}

public struct ObjectSchema: Sendable {
    /// The component's name in OpenAPI; `nil` writes it in place.
    public var name: String?
    /// The type that the schema describes, if there is one.
    public let type: ObjectIdentifier?
    /// How the type's members are named in JSON.
    public let style: KeyStyle
    public var properties: [Property]
    /// The forms that the type has, one for each value of a member; `nil` when it has one form.
    public var variants: Variants?

    public init(
        name: String? = nil, type: ObjectIdentifier? = nil, style: KeyStyle = .snakeCase, properties: [Property]
    ) {
        self.name = name
        self.type = type
        self.style = style
        self.properties = properties
    }

    public struct Property: Sendable {
        /// In JSON.
        public let name: String
        /// In Swift.
        public let member: String
        public var schema: Schema
        public let isRequired: Bool

        public init(_ name: String, member: String? = nil, _ schema: Schema, isRequired: Bool) {
            self.name = name
            self.member = member ?? name
            self.schema = schema
            self.isRequired = isRequired
        }
    }
}

/// One problem of an input.
public struct InputIssue: Sendable, Equatable, Codable {
    /// The path of the member, as in `evidence.0.url`; empty for the body as a whole.
    public let path: String
    public let message: String

    public init(path: String, message: String) {
        self.path = path
        self.message = message
    }
}
