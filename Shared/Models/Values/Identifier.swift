#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Marks ids as ids of one kind of thing, so that ids of two kinds cannot be swapped.
///
/// `prefix` is what the SkillSync surface writes before the id (`user_`, `match_`, …).
public protocol IdentifierKind: Sendable {
    static var prefix: String { get }
}

/// The identifier of a `Kind`: a UUID version 7 (RFC 9562, section 5.7), so that ids sort by creation.
///
/// Written in canonical lower-case form (`0192…-…`) on the ClawConnected surface, as 24 hexadecimal digits on Skillhouse
/// (``ObjectID``) and as `<prefix>_<32 hex>` on SkillSync (``PrefixedID``). Every form is read everywhere.
public struct Identifier<Kind: IdentifierKind>: Hashable, Sendable, Comparable {
    public let uuid: UUID

    public init(_ uuid: UUID) {
        self.uuid = uuid
    }

    /// A new id whose first 48 bits are `now` in milliseconds, and whose last 48 are random.
    public static func make(at now: Timestamp) -> Self {
        let milliseconds = UInt64(bitPattern: now.microseconds / 1000)
        return Self(UUID(time: milliseconds & UUID.half, random: RandomWords.shared.next() & UUID.half))
    }

    /// Reads any written form.
    ///
    /// - Returns: `nil` when `text` is neither a UUID, nor 24 hexadecimal digits, nor `<prefix>_` and 32 of them.
    public init?(_ text: some StringProtocol) {
        guard let uuid = UUID(text, after: Kind.prefix) else { return nil }
        self.init(uuid)
    }

    /// `<prefix>_` and 32 hexadecimal digits: the SkillSync surface's form.
    public var prefixed: String {
        var digits = TextBuffer(capacity: 32)
        digits.append(undashed: uuid)
        return "\(Kind.prefix)_\(digits.string)"
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.uuid < right.uuid
    }
}

extension Identifier: LosslessStringConvertible {
    /// The canonical, lower-case form.
    public var description: String {
        var text = TextBuffer(capacity: 36)
        text.append(uuid)
        return text.string
    }
}

extension Identifier: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = Self(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not an id: a UUID is expected")
            )
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension UUID {
    /// The sixteen bytes, as two big-endian halves.
    package init(high: UInt64, low: UInt64) {
        var bytes: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        withUnsafeMutableBytes(of: &bytes) { buffer in
            buffer.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
            buffer.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        self.init(uuid: bytes)
    }

    /// Reads a UUID, 24 hexadecimal digits, or `prefix`, `_` and 32 of them.
    init?(_ text: some StringProtocol, after prefix: String) {
        var digits = Substring(text)
        if let underscore = digits.utf8.firstIndex(of: UInt8(ascii: "_")) {
            guard digits.utf8[..<underscore].elementsEqual(prefix.utf8) else { return nil }
            digits = digits[digits.utf8.index(after: underscore)...]
            guard digits.utf8.count == 32, !digits.utf8.contains(UInt8(ascii: "-")) else { return nil }
        }
        if digits.utf8.count == 24 { self.init(objectID: digits) } else { self.init(hexadecimal: digits) }
    }

    /// Reads 32 hexadecimal digits, with the four dashes of the canonical form or without dashes.
    init?(hexadecimal text: Substring) {
        var text = text
        let halves: (UInt64, UInt64)? = text.withUTF8 { bytes in
            let isDashed = bytes.count == 36
            guard isDashed || bytes.count == 32 else { return nil }
            var halves: (UInt64, UInt64) = (0, 0)
            var count = 0
            for (offset, byte) in bytes.enumerated() {
                if isDashed, offset == 8 || offset == 13 || offset == 18 || offset == 23 {
                    guard byte == UInt8(ascii: "-") else { return nil }
                    continue
                }
                guard let digit = byte.hexadecimalDigit else { return nil }
                if count < 16 { halves.0 = halves.0 << 4 | digit } else { halves.1 = halves.1 << 4 | digit }
                count += 1
            }
            return halves
        }
        guard let halves else { return nil }
        self.init(high: halves.0, low: halves.1)
    }
}
