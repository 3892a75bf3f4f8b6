extension JSONValue {
    /// Encodes any of our types.
    ///
    /// Unlike Foundation's encoder, this one writes members in the order of declaration, the same in every process. An
    /// optional that is `nil` is written as `null`, so a response always has all its members. Only a type that
    /// ``LeavesOutNil`` has it left out: a ``PartialUpdate``, where `null` would ask for a change, and answers whose
    /// standard knows no `null`.
    ///
    /// - Parameter wholeSeconds: Whether times are cut to whole seconds, as SkillSync writes them.
    public static func encode(
        _ value: some Encodable, in style: KeyStyle = .snakeCase, wholeSeconds: Bool = false
    ) throws -> [UInt8] {
        let storage = JSONStorage(style)
        storage.writer.hasWholeSeconds = wholeSeconds
        try storage.encode(value)
        return storage.writer.bytes
    }

    /// The JSON value of `model`.
    public init(encoding model: some Encodable, in style: KeyStyle = .snakeCase) throws {
        self = try JSONValue.parse(try JSONValue.encode(model, in: style))
    }
}

/// The text under construction, shared by the containers of one encoding.
private final class JSONStorage {
    let style: KeyStyle
    var writer = JSONWriter()
    /// The containers that are open, from the outside in: `true` for an object, `false` for a list.
    private var open: [Bool] = []

    init(_ style: KeyStyle) {
        self.style = style
    }

    func encode(_ value: some Encodable) throws {
        switch value {
        case let writable as any JSONWritable where style == .snakeCase || value is JSONValue:
            writable.write(to: &writer)
        case let text as String: writer.value(text)
        case let moment as Timestamp: writer.value(moment)
        default:
            let depth = open.count
            try value.encode(
                to: JSONTextEncoder(
                    storage: self, leavesOutNil: value is any LeavesOutNil, keepsNames: value is any KeepsNames))
            close(to: depth)
        }
    }

    /// - Returns: The depth of the new container.
    func begin(object: Bool) -> Int {
        object ? writer.beginObject() : writer.beginArray()
        open.append(object)
        return open.count
    }

    /// Closes every container that was opened inside the one at `depth`. An encoder is not told when an inner container
    /// ends; it only sees the outer one go on.
    func close(to depth: Int) {
        while open.count > depth {
            open.removeLast() ? writer.endObject() : writer.endArray()
        }
    }
}

private struct JSONTextEncoder: Encoder {
    let storage: JSONStorage
    var leavesOutNil = false
    var keepsNames = false
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(
            JSONObjectEncoder<Key>(storage, leavesOutNil: leavesOutNil, keepsNames: keepsNames))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { JSONArrayEncoder(storage) }
    func singleValueContainer() -> any SingleValueEncodingContainer { JSONScalarEncoder(storage: storage) }
}

private struct JSONObjectEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
    private let storage: JSONStorage
    private let depth: Int
    private let leavesOutNil: Bool
    private let keepsNames: Bool
    var codingPath: [any CodingKey] { [] }

    init(_ storage: JSONStorage, leavesOutNil: Bool, keepsNames: Bool) {
        self.storage = storage
        self.leavesOutNil = leavesOutNil
        self.keepsNames = keepsNames
        depth = storage.begin(object: true)
    }

    private func begin(_ key: String) {
        storage.close(to: depth)
        storage.writer.key(keepsNames ? key : storage.style.name(of: key))
    }

    mutating func encodeNil(forKey key: Key) throws {
        begin(key.stringValue)
        storage.writer.null()
    }

    mutating func encode(_ value: Bool, forKey key: Key) throws {
        begin(key.stringValue)
        storage.writer.value(value)
    }

    mutating func encode(_ value: Int, forKey key: Key) throws {
        begin(key.stringValue)
        storage.writer.value(value)
    }

    mutating func encode(_ value: Int64, forKey key: Key) throws {
        begin(key.stringValue)
        storage.writer.value(value)
    }

    mutating func encode(_ value: String, forKey key: Key) throws {
        begin(key.stringValue)
        storage.writer.value(value)
    }

    mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        begin(key.stringValue)
        try storage.encode(value)
    }

    mutating func encodeIfPresent<T: Encodable>(_ value: T?, forKey key: Key) throws { try optional(value, key) }

    /// An optional that is `nil`; an explicit `null` is ``encodeNil(forKey:)``.
    private mutating func encodeAbsence(_ key: Key) throws {
        if !leavesOutNil { try encodeNil(forKey: key) }
    }

    private mutating func optional(_ value: (some Encodable)?, _ key: Key) throws {
        if let value { try encode(value, forKey: key) } else { try encodeAbsence(key) }
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        begin(key.stringValue)
        return JSONTextEncoder(storage: storage).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        begin(key.stringValue)
        return JSONArrayEncoder(storage)
    }

    mutating func superEncoder() -> any Encoder {
        begin("super")
        return JSONTextEncoder(storage: storage)
    }

    mutating func superEncoder(forKey key: Key) -> any Encoder {
        begin(key.stringValue)
        return JSONTextEncoder(storage: storage)
    }
}

/// The protocol's own `encodeIfPresent` would leave `nil` out for these types.
extension JSONObjectEncoder {
    mutating func encodeIfPresent(_ value: Bool?, forKey key: Key) throws {
        if let value { try encode(value, forKey: key) } else { try encodeAbsence(key) }
    }

    mutating func encodeIfPresent(_ value: String?, forKey key: Key) throws {
        if let value { try encode(value, forKey: key) } else { try encodeAbsence(key) }
    }

    mutating func encodeIfPresent(_ value: Int?, forKey key: Key) throws {
        if let value { try encode(value, forKey: key) } else { try encodeAbsence(key) }
    }

    mutating func encodeIfPresent(_ value: Int64?, forKey key: Key) throws {
        if let value { try encode(value, forKey: key) } else { try encodeAbsence(key) }
    }

    mutating func encodeIfPresent(_ value: Double?, forKey key: Key) throws { try optional(value, key) }
    mutating func encodeIfPresent(_ value: Float?, forKey key: Key) throws { try optional(value, key) }
    mutating func encodeIfPresent(_ value: Int8?, forKey key: Key) throws { try optional(value, key) }
    mutating func encodeIfPresent(_ value: Int16?, forKey key: Key) throws { try optional(value, key) }
    mutating func encodeIfPresent(_ value: Int32?, forKey key: Key) throws { try optional(value, key) }
    mutating func encodeIfPresent(_ value: UInt?, forKey key: Key) throws { try optional(value, key) }
    mutating func encodeIfPresent(_ value: UInt8?, forKey key: Key) throws { try optional(value, key) }
    mutating func encodeIfPresent(_ value: UInt16?, forKey key: Key) throws { try optional(value, key) }
    mutating func encodeIfPresent(_ value: UInt32?, forKey key: Key) throws { try optional(value, key) }
    mutating func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws { try optional(value, key) }
}

private struct JSONArrayEncoder: UnkeyedEncodingContainer {
    private let storage: JSONStorage
    private let depth: Int
    var codingPath: [any CodingKey] { [] }
    private(set) var count = 0

    init(_ storage: JSONStorage) {
        self.storage = storage
        depth = storage.begin(object: false)
    }

    private mutating func begin() {
        storage.close(to: depth)
        count += 1
    }

    mutating func encodeNil() throws {
        begin()
        storage.writer.null()
    }

    mutating func encode<T: Encodable>(_ value: T) throws {
        begin()
        try storage.encode(value)
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        begin()
        return JSONTextEncoder(storage: storage).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        begin()
        return JSONArrayEncoder(storage)
    }

    mutating func superEncoder() -> any Encoder {
        begin()
        return JSONTextEncoder(storage: storage)
    }
}

private struct JSONScalarEncoder: SingleValueEncodingContainer {
    let storage: JSONStorage
    var codingPath: [any CodingKey] { [] }

    mutating func encodeNil() throws { storage.writer.null() }
    mutating func encode(_ value: Bool) throws { storage.writer.value(value) }
    mutating func encode(_ value: String) throws { storage.writer.value(value) }
    mutating func encode(_ value: Int) throws { storage.writer.value(value) }
    mutating func encode(_ value: Int8) throws { storage.writer.value(Int64(value)) }
    mutating func encode(_ value: Int16) throws { storage.writer.value(Int64(value)) }
    mutating func encode(_ value: Int32) throws { storage.writer.value(Int64(value)) }
    mutating func encode(_ value: Int64) throws { storage.writer.value(value) }
    mutating func encode(_ value: UInt) throws { storage.writer.raw(String(value).utf8) }
    mutating func encode(_ value: UInt8) throws { storage.writer.value(Int64(value)) }
    mutating func encode(_ value: UInt16) throws { storage.writer.value(Int64(value)) }
    mutating func encode(_ value: UInt32) throws { storage.writer.value(Int64(value)) }
    mutating func encode(_ value: UInt64) throws { storage.writer.raw(String(value).utf8) }
    mutating func encode(_ value: Float) throws { try encode(Double(value)) }

    mutating func encode(_ value: Double) throws {
        guard value.isFinite else {
            throw EncodingError.invalidValue(value, .init(codingPath: [], debugDescription: "JSON has no such number"))
        }
        storage.writer.raw(String(value).utf8)
    }

    mutating func encode<T: Encodable>(_ value: T) throws { try storage.encode(value) }
}

/// Our own encoder writes a value as it is, members in order. Other encoders cannot write it.
extension JSONValue: Encodable {
    public func encode(to encoder: any Encoder) throws {
        guard let encoder = encoder as? JSONTextEncoder else {
            throw EncodingError.invalidValue(
                self, .init(codingPath: [], debugDescription: "only JSONValue.encode writes a JSONValue"))
        }
        write(to: &encoder.storage.writer)
    }
}
