/// A JSON value does not match the expected type.
public struct JSONMismatch: Error, Equatable, Sendable {
    /// The place, by its names in JSON, and what is wrong there, for the caller.
    public let issue: InputIssue

    fileprivate init(_ message: String) {
        issue = InputIssue(path: "", message: message)
    }

    private init(_ issue: InputIssue) {
        self.issue = issue
    }

    /// The same mismatch, seen from the enclosing object or list.
    fileprivate func inside(_ name: String) -> JSONMismatch {
        JSONMismatch(
            InputIssue(path: issue.path.isEmpty ? name : "\(name).\(issue.path)", message: issue.message))
    }
}

extension JSONValue {
    /// Reads any of our types from this value, without parsing the text again.
    ///
    /// Members that the type does not have are ignored; the schema check is what refuses them.
    public func decode<Value: Decodable>(
        _ type: Value.Type, in style: KeyStyle = .snakeCase
    ) throws(JSONMismatch) -> Value {
        if Value.self == JSONValue.self, let value = self as? Value { return value }
        do {
            return try Value(
                from: JSONValueDecoder(value: self, style: style, keepsNames: Value.self is any KeepsNames.Type))
        } catch let mismatch as JSONMismatch {
            throw mismatch
        } catch {
            throw JSONMismatch(refusal(of: type, error))
        }
    }

    /// Reads a type from JSON text.
    ///
    /// - Throws: ``JSONSyntaxError`` or ``JSONMismatch``.
    public static func decode<Value: Decodable>(
        _ type: Value.Type, from text: some Collection<UInt8>, in style: KeyStyle = .snakeCase
    ) throws -> Value {
        try parse(text).decode(type, in: style)
    }

    /// The issue to report when the type itself refuses the value.
    private func refusal(of type: any Decodable.Type, _ error: any Error) -> String {
        if let described = type as? any SchemaDescribed.Type, let issue = described.schema.issues(in: self).first {
            return issue.message
        }
        if case .dataCorrupted(let context) = error as? DecodingError { return context.debugDescription }
        return "is not acceptable"
    }

    fileprivate func mismatch(_ expected: String) -> JSONMismatch {
        JSONMismatch("must be \(expected), not \(typeName)")
    }

    fileprivate func text() throws(JSONMismatch) -> String {
        guard case .string(let text) = self else { throw mismatch("a string") }
        return text
    }

    fileprivate func flag() throws(JSONMismatch) -> Bool {
        guard case .bool(let flag) = self else { throw mismatch("true or false") }
        return flag
    }

    fileprivate func whole<Number: FixedWidthInteger>(_ type: Number.Type) throws(JSONMismatch) -> Number {
        switch self {
        case .integer(let number):
            if let number = Number(exactly: number) { return number }
            throw JSONMismatch("must be \(Number.min) to \(Number.max)")
        // A whole number that does not fit a signed 64-bit integer.
        case .decimal(let text):
            if let number = Number(text) { return number }
            throw mismatch("a whole number of \(Number.min) to \(Number.max)")
        case .null, .bool, .string, .array, .object:
            throw mismatch("a whole number")
        }
    }

    fileprivate func fraction() throws(JSONMismatch) -> Double {
        switch self {
        case .integer(let number): return Double(number)
        case .decimal(let text):
            if let number = Double(text), number.isFinite { return number }
            throw JSONMismatch("is too large a number")
        case .null, .bool, .string, .array, .object: throw mismatch("a number")
        }
    }
}

/// Our own decoder passes a value through as it is, members in order. Other decoders cannot read it.
extension JSONValue: Decodable {
    public init(from decoder: any Decoder) throws {
        guard let decoder = decoder as? JSONValueDecoder else {
            throw DecodingError.typeMismatch(
                JSONValue.self, .init(codingPath: [], debugDescription: "only JSONValue.decode reads a JSONValue"))
        }
        self = decoder.value
    }
}

/// Errors collect the path while they are passed up, so a decoder does not need one.
private struct JSONValueDecoder: Decoder {
    let value: JSONValue
    let style: KeyStyle
    var keepsNames = false
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = value else { throw value.mismatch("an object") }
        return KeyedDecodingContainer(JSONMembers<Key>(members, style, keepsNames: keepsNames))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = value else { throw value.mismatch("a list") }
        return JSONElements(elements: elements, style: style)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { JSONScalar(value: value, style: style) }
}

private struct JSONMembers<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let members: [JSONMember]
    let style: KeyStyle
    let keepsNames: Bool
    /// Where each member of a dictionary is. Other types have few members.
    private let places: [Spelling: Int]
    var codingPath: [any CodingKey] { [] }
    /// Only decoding of a dictionary asks for this.
    var allKeys: [Key] { members.compactMap { Key(stringValue: $0.name) } }

    init(_ members: [JSONMember], _ style: KeyStyle, keepsNames: Bool) {
        self.members = members
        self.style = style
        self.keepsNames = keepsNames
        places =
            keepsNames
            ? Dictionary(members.enumerated().map { (Spelling($1.name), $0) }) { first, _ in first } : [:]
    }

    func contains(_ key: Key) -> Bool { find(key) != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try member(key).value == .null }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try read(key) { value throws(JSONMismatch) in try value.decode(type, in: style) }
    }

    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        try readIfPresent(key) { value throws(JSONMismatch) in try value.decode(type, in: style) }
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try superDecoder(forKey: key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try superDecoder(forKey: key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { JSONValueDecoder(value: .object(members), style: style) }

    func superDecoder(forKey key: Key) throws -> any Decoder {
        JSONValueDecoder(value: try member(key).value, style: style)
    }

    private func name(_ key: Key) -> String { keepsNames ? key.stringValue : style.name(of: key.stringValue) }

    private func find(_ key: Key) -> JSONMember? {
        if keepsNames { return places[Spelling(key.stringValue)].map { members[$0] } }
        let name = name(key)
        return members.first { $0.name.isSpelled(name) }
    }

    private func member(_ key: Key) throws(JSONMismatch) -> JSONMember {
        guard let member = find(key) else { throw JSONMismatch("is required").inside(name(key)) }
        return member
    }

    private func read<Value>(
        _ key: Key, _ body: (JSONValue) throws(JSONMismatch) -> Value
    ) throws(JSONMismatch) -> Value {
        let member = try member(key)
        do {
            return try body(member.value)
        } catch {
            throw error.inside(member.name)
        }
    }

    private func readIfPresent<Value>(
        _ key: Key, _ body: (JSONValue) throws(JSONMismatch) -> Value
    ) throws(JSONMismatch) -> Value? {
        guard let member = find(key), member.value != .null else { return nil }
        do {
            return try body(member.value)
        } catch {
            throw error.inside(member.name)
        }
    }
}

/// The most common members are read without creating a decoder for each.
extension JSONMembers {
    func decode(_ type: String.Type, forKey key: Key) throws -> String {
        try read(key) { value throws(JSONMismatch) in try value.text() }
    }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool {
        try read(key) { value throws(JSONMismatch) in try value.flag() }
    }

    func decode(_ type: Int.Type, forKey key: Key) throws -> Int {
        try read(key) { value throws(JSONMismatch) in try value.whole(type) }
    }

    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 {
        try read(key) { value throws(JSONMismatch) in try value.whole(type) }
    }

    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
        try readIfPresent(key) { value throws(JSONMismatch) in try value.text() }
    }

    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? {
        try readIfPresent(key) { value throws(JSONMismatch) in try value.flag() }
    }

    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
        try readIfPresent(key) { value throws(JSONMismatch) in try value.whole(type) }
    }

    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? {
        try readIfPresent(key) { value throws(JSONMismatch) in try value.whole(type) }
    }
}

private struct JSONElements: UnkeyedDecodingContainer {
    let elements: [JSONValue]
    let style: KeyStyle
    private(set) var currentIndex = 0
    var codingPath: [any CodingKey] { [] }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }

    mutating func decodeNil() throws -> Bool {
        guard try current() == .null else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let element = try current()
        do {
            let value = try element.decode(type, in: style)
            currentIndex += 1
            return value
        } catch {
            throw error.inside("\(currentIndex)")
        }
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try superDecoder().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try superDecoder().unkeyedContainer()
    }

    mutating func superDecoder() throws -> any Decoder {
        let decoder = JSONValueDecoder(value: try current(), style: style)
        currentIndex += 1
        return decoder
    }

    private func current() throws(JSONMismatch) -> JSONValue {
        guard !isAtEnd else { throw JSONMismatch("is required").inside("\(currentIndex)") }
        return elements[currentIndex]
    }
}

private struct JSONScalar: SingleValueDecodingContainer {
    let value: JSONValue
    let style: KeyStyle
    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool { value == .null }
    func decode(_ type: Bool.Type) throws -> Bool { try value.flag() }
    func decode(_ type: String.Type) throws -> String { try value.text() }
    func decode(_ type: Double.Type) throws -> Double { try value.fraction() }
    func decode(_ type: Float.Type) throws -> Float { Float(try value.fraction()) }
    func decode(_ type: Int.Type) throws -> Int { try value.whole(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try value.whole(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try value.whole(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try value.whole(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try value.whole(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try value.whole(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try value.whole(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try value.whole(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try value.whole(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try value.whole(type) }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try value.decode(type, in: style) }
}
