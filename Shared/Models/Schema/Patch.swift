/// A member of a partial update: left alone, cleared, or set.
///
/// In JSON: absent, `null`, or a value.
public enum Patch<Value: Codable & Sendable>: Sendable {
    case keep
    case clear
    case set(Value)

    /// The new value of the member whose old value is `old`.
    public func applied(to old: Value?) -> Value? {
        switch self {
        case .keep: old
        case .clear: nil
        case .set(let value): value
        }
    }
}

extension Patch: Equatable where Value: Equatable {}

extension Patch: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self = container.decodeNil() ? .clear : .set(try container.decode(Value.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if case .set(let value) = self { try container.encode(value) } else { try container.encodeNil() }
    }
}

extension KeyedDecodingContainer {
    /// Synthesized `init(from:)`s call this for members of type `Patch`.
    public func decode<Value>(_ type: Patch<Value>.Type, forKey key: Key) throws -> Patch<Value> {
        guard contains(key) else { return .keep }
        return try decodeNil(forKey: key) ? .clear : .set(try decode(Value.self, forKey: key))
    }
}

extension KeyedEncodingContainer {
    /// Synthesized `encode(to:)`s call this for members of type `Patch`. A member that stays unchanged is left out.
    public mutating func encode<Value>(_ value: Patch<Value>, forKey key: Key) throws {
        switch value {
        case .keep: break
        case .clear: try encodeNil(forKey: key)
        case .set(let new): try encode(new, forKey: key)
        }
    }
}
