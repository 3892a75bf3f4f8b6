extension JSONValue {
    /// Encodes any of our types.
    ///
    /// Unlike Foundation's encoder, members come in the order of declaration, the same in every process, and an
    /// optional that is `nil` is written as `null`: a response always has all its members.
    public static func encode(_ value: some Encodable) throws -> [UInt8] {
        let storage = JSONStorage()
        try storage.encode(value)
        return storage.writer.bytes
    }
}

/// The text under construction, shared by the containers of one encoding.
private final class JSONStorage {
    var writer = JSONWriter()

    func encode(_ value: some Encodable) throws {
        switch value {
        case let writable as any JSONWritable: writable.write(to: &writer)
        case let text as String: writer.value(text)
        default: try value.encode(to: JSONTextEncoder(storage: self))
        }
    }
}

/// Containers close themselves when the value that opened them has been encoded.
private struct JSONTextEncoder: Encoder {
    let storage: JSONStorage
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(JSONObjectEncoder<Key>(closing: JSONBrackets(storage, object: true)))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        JSONArrayEncoder(closing: JSONBrackets(storage, object: false))
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        JSONScalarEncoder(storage: storage)
    }
}

/// Opens a bracket when made and closes it when the last holder lets go.
private final class JSONBrackets {
    let storage: JSONStorage
    private let object: Bool

    init(_ storage: JSONStorage, object: Bool) {
        self.storage = storage
        self.object = object
        object ? storage.writer.beginObject() : storage.writer.beginArray()
    }

    deinit {
        object ? storage.writer.endObject() : storage.writer.endArray()
    }
}

private struct JSONObjectEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let closing: JSONBrackets
    var codingPath: [any CodingKey] { [] }
    private var storage: JSONStorage { closing.storage }

    init(closing: JSONBrackets) {
        self.closing = closing
    }

    mutating func encodeNil(forKey key: Key) throws {
        storage.writer.key(key.stringValue)
        storage.writer.null()
    }

    mutating func encode(_ value: Bool, forKey key: Key) throws {
        storage.writer.key(key.stringValue)
        storage.writer.value(value)
    }

    mutating func encode(_ value: Int, forKey key: Key) throws {
        storage.writer.key(key.stringValue)
        storage.writer.value(value)
    }

    mutating func encode(_ value: Int64, forKey key: Key) throws {
        storage.writer.key(key.stringValue)
        storage.writer.value(value)
    }

    mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        storage.writer.key(key.stringValue)
        try storage.encode(value)
    }

    mutating func encodeIfPresent(_ value: Bool?, forKey key: Key) throws {
        if let value { try encode(value, forKey: key) } else { try encodeNil(forKey: key) }
    }

    mutating func encodeIfPresent(_ value: String?, forKey key: Key) throws {
        if let value { try encode(value, forKey: key) } else { try encodeNil(forKey: key) }
    }

    mutating func encodeIfPresent(_ value: Int?, forKey key: Key) throws {
        if let value { try encode(value, forKey: key) } else { try encodeNil(forKey: key) }
    }

    mutating func encodeIfPresent(_ value: Int64?, forKey key: Key) throws {
        if let value { try encode(value, forKey: key) } else { try encodeNil(forKey: key) }
    }

    mutating func encodeIfPresent<T: Encodable>(_ value: T?, forKey key: Key) throws {
        if let value { try encode(value, forKey: key) } else { try encodeNil(forKey: key) }
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        storage.writer.key(key.stringValue)
        return JSONTextEncoder(storage: storage).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        storage.writer.key(key.stringValue)
        return JSONTextEncoder(storage: storage).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { JSONTextEncoder(storage: storage) }

    mutating func superEncoder(forKey key: Key) -> any Encoder {
        storage.writer.key(key.stringValue)
        return JSONTextEncoder(storage: storage)
    }
}

private struct JSONArrayEncoder: UnkeyedEncodingContainer {
    let closing: JSONBrackets
    var codingPath: [any CodingKey] { [] }
    private(set) var count = 0
    private var storage: JSONStorage { closing.storage }

    init(closing: JSONBrackets) {
        self.closing = closing
    }

    mutating func encodeNil() throws {
        storage.writer.null()
        count += 1
    }

    mutating func encode<T: Encodable>(_ value: T) throws {
        try storage.encode(value)
        count += 1
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        JSONTextEncoder(storage: storage).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        JSONTextEncoder(storage: storage).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { JSONTextEncoder(storage: storage) }
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

/// `JSONObjectEncoder` takes these through the generic form: numbers of other widths in a member.
extension JSONObjectEncoder {
    mutating func encode(_ value: String, forKey key: Key) throws { storage.writer.key(key.stringValue); storage.writer.value(value) }
    mutating func encode(_ value: Double, forKey key: Key) throws { try scalar(value, key) }
    mutating func encode(_ value: Float, forKey key: Key) throws { try scalar(value, key) }
    mutating func encode(_ value: Int8, forKey key: Key) throws { try scalar(value, key) }
    mutating func encode(_ value: Int16, forKey key: Key) throws { try scalar(value, key) }
    mutating func encode(_ value: Int32, forKey key: Key) throws { try scalar(value, key) }
    mutating func encode(_ value: UInt, forKey key: Key) throws { try scalar(value, key) }
    mutating func encode(_ value: UInt8, forKey key: Key) throws { try scalar(value, key) }
    mutating func encode(_ value: UInt16, forKey key: Key) throws { try scalar(value, key) }
    mutating func encode(_ value: UInt32, forKey key: Key) throws { try scalar(value, key) }
    mutating func encode(_ value: UInt64, forKey key: Key) throws { try scalar(value, key) }

    private func scalar(_ value: some Encodable, _ key: Key) throws {
        storage.writer.key(key.stringValue)
        try value.encode(to: JSONTextEncoder(storage: storage))
    }
}
