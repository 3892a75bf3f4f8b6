#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An id as the Skillhouse surface writes it: 24 hexadecimal digits, like MongoDB's ObjectId. Every written form is read.
///
/// The digits are the first and the last 48 bits of the UUID. Our ids have nothing else: the bits between follow from
/// these, so every service can turn one form into the other without a table. An id that was not made by
/// ``Identifier/make(at:)`` has no such form and is written as a UUID.
public struct ObjectID<Kind: IdentifierKind>: Hashable, Sendable, Codable {
    public let id: Identifier<Kind>

    public init(_ id: Identifier<Kind>) {
        self.id = id
    }

    public init(from decoder: any Decoder) throws {
        self.init(try Identifier(from: decoder))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(id.objectID)
    }
}

extension ObjectID: SchemaDescribed {
    public static var schema: Schema {
        var rules = StringRules()
        rules.idPrefix = Kind.prefix
        rules.isObjectID = true
        return .string(rules)
    }

    public static var sample: Self { Self(.sample) }
}

extension Identifier {
    /// 24 hexadecimal digits, or the UUID when the id has no such form.
    public var objectID: String {
        guard uuid.isOfTwoHalves else { return description }
        let digits = description.utf8.filter { $0 != UInt8(ascii: "-") }
        return String(decoding: digits.prefix(12) + digits.suffix(12), as: UTF8.self)
    }
}

extension UUID {
    /// The 48 bits of one half.
    static let half: UInt64 = (1 << 48) - 1

    /// A UUID version 7 whose middle follows from its two ends, of 48 bits each.
    init(time: UInt64, random: UInt64) {
        // The finalizer of SplitMix64: each bit of the middle depends on every bit of the ends.
        var middle = (time << 16) ^ random
        middle = (middle ^ (middle >> 30)) &* 0xBF58_476D_1CE4_E5B9
        middle = (middle ^ (middle >> 27)) &* 0x94D0_49BB_1331_11EB
        middle ^= middle >> 31
        self.init(
            high: time << 16 | 0x7000 | (middle & 0x0FFF),
            low: 0x8000_0000_0000_0000 | ((middle >> 12) & 0x3FFF) << 48 | random)
    }

    /// Reads the two ends, written as 24 hexadecimal digits.
    init?(objectID text: Substring) {
        var text = text
        let ends: (UInt64, UInt64)? = text.withUTF8 { bytes in
            guard bytes.count == 24 else { return nil }
            var ends: (UInt64, UInt64) = (0, 0)
            for (offset, byte) in bytes.enumerated() {
                guard let digit = byte.hexadecimalDigit else { return nil }
                if offset < 12 { ends.0 = ends.0 << 4 | digit } else { ends.1 = ends.1 << 4 | digit }
            }
            return ends
        }
        guard let ends else { return nil }
        self.init(time: ends.0, random: ends.1)
    }

    fileprivate var isOfTwoHalves: Bool {
        let (high, low) = withUnsafeBytes(of: uuid) { bytes in
            (
                UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
        return self == UUID(time: high >> 16, random: low & Self.half)
    }
}
