/// A type that states its JSON schema itself instead of having it reflected: ids, times, enums.
public protocol SchemaDescribed: Decodable {
    static var schema: Schema { get }
    /// Any valid value. Reflecting a type with such a member needs one.
    static var sample: Self { get }
}

extension SchemaDescribed where Self: CaseIterable & RawRepresentable, RawValue == String {
    /// A string, one of the cases.
    public static var schema: Schema {
        var rules = StringRules()
        rules.values = allCases.map(\.rawValue)
        rules.valuesName = String(describing: Self.self)
        return .string(rules)
    }

    public static var sample: Self { allCases[allCases.startIndex] }
}

/// A body. Its schema is reflected from its `Codable` form; `rules` narrow the members further.
public protocol Model: Codable, Sendable {
    /// Narrower schemas for members, by the member's Swift name.
    static var rules: [String: MemberRule] { get }
    /// The component's name in the OpenAPI document.
    static var schemaName: String { get }
}

extension Model {
    public static var rules: [String: MemberRule] { [:] }
    public static var schemaName: String { String(describing: Self.self) }
}

/// A body whose members that are `nil` are left out instead of written as `null`.
public protocol LeavesOutNil: Model {}

/// The body of a PATCH. A member of type ``Patch`` can be cleared with `null`; a plain optional can only be set.
public protocol PartialUpdate: LeavesOutNil {}

/// A rule for one member of a body.
public enum MemberRule: Sendable {
    /// A string of so many characters that is not only white space.
    case text(ClosedRange<Int>)
    /// A name that people read (``PersonName``).
    case name
    /// A name of at least so many characters.
    case fullName(ofAtLeast: Int)
    /// A string of at most so many characters, the empty one included.
    case optionalText(ClosedRange<Int>)
    /// A whole number; an amount of money in minor units.
    case range(ClosedRange<Int64>)
    case count(ClosedRange<Int>)
    case format(StringFormat)
    /// A list of so many strings, each of so many characters.
    case texts(count: ClosedRange<Int>, length: ClosedRange<Int>)
    /// One of these words. A choice has a name, the component's in OpenAPI.
    case oneOf(String, [String])
    /// A string of so many characters in a form that the document shows as an ECMA-262 expression, and that the
    /// workflow enforces.
    case pattern(String, ClosedRange<Int>)

    /// The largest amount of money we take, in minor units: 2^53 - 1.
    public static let amount = MemberRule.range(0...9_007_199_254_740_991)

    func narrowing(_ schema: Schema) -> Schema {
        switch (self, schema) {
        case (_, .nullable(let wrapped)):
            return .nullable(narrowing(wrapped))
        case (.range(let range), .amount(_, let decimals)):
            return .amount(range, decimals)
        case (.range(let range), _):
            return .integer(range)
        case (.count(let count), .array(let element, _)):
            return .array(of: element, count: count)
        case (.texts(let count, let length), _):
            return .array(of: MemberRule.text(length).narrowing(.string), count: count)
        case (_, .string(var rules)):
            switch self {
            case .text(let length):
                rules.length = length
                rules.mayBeBlank = false
            case .name:
                rules.length = 1...PersonName.longest
                rules.mayBeBlank = false
                rules.isName = true
            case .fullName(let shortest):
                rules.length = shortest...PersonName.longest
                rules.mayBeBlank = false
                rules.isName = true
            case .optionalText(let length): rules.length = length
            case .format(let format):
                rules.format = format
                rules.mayBeBlank = false
            case .oneOf(let name, let values):
                rules.values = values
                rules.valuesName = name
            case .pattern(let pattern, let length):
                rules.length = length
                rules.mayBeBlank = false
                rules.pattern = pattern
            case .range, .count, .texts: break
            }
            return .string(rules)
        default:
            return schema
        }
    }
}

extension Schema {
    /// The schema of a `Codable` type, found by letting the type decode itself from a decoder that answers every
    /// question.
    ///
    /// - Throws: when the type decodes in a way that has no single shape, or ``RuleWithoutMember``.
    public static func reflecting(_ type: any Decodable.Type, in style: KeyStyle = .snakeCase) throws -> Schema {
        try SchemaProbe.schema(of: type, in: style).schema
    }
}

/// A type has a rule for a member that it does not have.
public struct RuleWithoutMember: Error, Equatable {
    public let rule: String
    public let schema: String
}

/// The schema of a type and, as decoding has to return something, one instance of it.
private enum SchemaProbe {
    static func schema<T: Decodable>(of type: T.Type, in style: KeyStyle) throws -> (schema: Schema, instance: T) {
        if let described = type as? any SchemaDescribed.Type, let sample = described.sample as? T {
            return (described.schema, sample)
        }
        let recorder = SchemaRecorder(style, leavesOutNil: type is any LeavesOutNil.Type)
        let instance = try T(from: SchemaDecoder(recorder: recorder))
        if let list = type as? any ListType.Type { return (try list.listSchema(in: style), instance) }
        return (try recorder.finished(for: type), instance)
    }
}

private protocol ListType {
    static func listSchema(in style: KeyStyle) throws -> Schema
}

extension Array: ListType where Element: Decodable {
    static func listSchema(in style: KeyStyle) throws -> Schema {
        .array(of: try SchemaProbe.schema(of: Element.self, in: style).schema)
    }
}

/// What one type asked the decoder for.
private final class SchemaRecorder {
    let style: KeyStyle
    let leavesOutNil: Bool
    var properties: [ObjectSchema.Property] = []
    /// The members whose type asked whether they are `null`, as ``Patch`` does.
    var clearable: Set<String> = []
    var scalar: Schema?

    init(_ style: KeyStyle, leavesOutNil: Bool = false) {
        self.style = style
        self.leavesOutNil = leavesOutNil
    }

    func addRequired(_ member: String, _ schema: Schema) {
        let isClearable = clearable.contains(member)
        add(member, isClearable ? .nullable(schema) : schema, isRequired: !isClearable)
    }

    func addOptional(_ member: String, _ schema: Schema) {
        add(member, leavesOutNil ? schema : .nullable(schema), isRequired: false)
    }

    private func add(_ member: String, _ schema: Schema, isRequired: Bool) {
        properties.append(.init(style.name(of: member), member: member, schema, isRequired: isRequired))
    }

    func finished(for type: any Decodable.Type) throws(RuleWithoutMember) -> Schema {
        if let scalar { return scalar }
        let model = type as? any Model.Type
        for (member, rule) in model?.rules ?? [:] {
            guard let index = properties.firstIndex(where: { $0.member == member }) else {
                throw RuleWithoutMember(rule: member, schema: String(describing: type))
            }
            properties[index].schema = rule.narrowing(properties[index].schema)
        }
        var object = ObjectSchema(
            name: model?.schemaName, type: ObjectIdentifier(type), style: style, properties: properties)
        object.variants = (type as? any VariedModel.Type)?.variants
        return .object(object)
    }
}

private struct SchemaDecoder: Decoder {
    let recorder: SchemaRecorder
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(SchemaKeys<Key>(recorder: recorder))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { SchemaList() }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { SchemaScalar(recorder: recorder) }
}

private struct SchemaKeys<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let recorder: SchemaRecorder
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }
    func contains(_ key: Key) -> Bool { true }

    func decodeNil(forKey key: Key) throws -> Bool {
        recorder.clearable.insert(key.stringValue)
        return false
    }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        let (schema, instance) = try SchemaProbe.schema(of: type, in: recorder.style)
        recorder.addRequired(key.stringValue, schema)
        return instance
    }

    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        let schema = try SchemaProbe.schema(of: type, in: recorder.style).schema
        recorder.addOptional(key.stringValue, schema)
        return nil
    }

    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { optional(key, .boolean) }
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { optional(key, .string) }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { optional(key, .integer) }
    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { optional(key, .integer) }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { optional(key, .number) }

    private func optional<T>(_ key: Key, _ schema: Schema) -> T? {
        recorder.addOptional(key.stringValue, schema)
        return nil
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        KeyedDecodingContainer(SchemaKeys<Nested>(recorder: SchemaRecorder(recorder.style)))
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { SchemaList() }
    func superDecoder() throws -> any Decoder { SchemaDecoder(recorder: SchemaRecorder(recorder.style)) }
    func superDecoder(forKey key: Key) throws -> any Decoder { SchemaDecoder(recorder: SchemaRecorder(recorder.style)) }
}

/// A list is always empty: the schema of the elements is found by their type.
private struct SchemaList: UnkeyedDecodingContainer {
    var codingPath: [any CodingKey] { [] }
    var count: Int? { 0 }
    var isAtEnd: Bool { true }
    var currentIndex: Int { 0 }
    private var nothing: DecodingError {
        .valueNotFound(SchemaList.self, .init(codingPath: [], debugDescription: "a schema's list is empty"))
    }

    mutating func decodeNil() throws -> Bool { true }
    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { throw nothing }
    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> { throw nothing }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { throw nothing }
    mutating func superDecoder() throws -> any Decoder { throw nothing }
}

/// Answers one scalar and notes its kind. Types with their own format are ``SchemaDescribed`` and get a sample.
private struct SchemaScalar: SingleValueDecodingContainer {
    let recorder: SchemaRecorder
    var codingPath: [any CodingKey] { [] }
    func decodeNil() -> Bool { false }

    func decode(_ type: String.Type) throws -> String { answer("", .string) }
    func decode(_ type: Bool.Type) throws -> Bool { answer(true, .boolean) }
    func decode(_ type: Double.Type) throws -> Double { answer(0, .number) }
    func decode(_ type: Int.Type) throws -> Int { answer(0, .integer) }
    func decode(_ type: Int64.Type) throws -> Int64 { answer(0, .integer) }

    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let (schema, instance) = try SchemaProbe.schema(of: type, in: recorder.style)
        return answer(instance, schema)
    }

    private func answer<T>(_ sample: T, _ schema: Schema) -> T {
        recorder.scalar = schema
        return sample
    }
}
