extension String {
    /// The text with everything escaped except the unreserved characters of RFC 3986.
    public var percentEncoded: String {
        if utf8.allSatisfy(\.isUnreserved) { return self }
        var encoded: [UInt8] = []
        for byte in utf8 {
            if byte.isUnreserved {
                encoded.append(byte)
            } else {
                PercentEncoding.append(byte, to: &encoded)
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate var isUnreserved: Bool {
        switch self {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: isASCIIAlphanumeric
        }
    }
}

package enum PercentEncoding {
    /// Appends `byte` escaped: `%2F`.
    package static func append(_ byte: UInt8, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "%"))
        Hexadecimal.append(byte, to: &text, .capital)
    }
}

/// `application/x-www-form-urlencoded` (WHATWG URL, section 5), in bodies and in queries.
package enum FormEncoding {
    package static func encode(_ fields: [(String, String)]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in fields {
            if !bytes.isEmpty { bytes.append(UInt8(ascii: "&")) }
            append(name, to: &bytes)
            bytes.append(UInt8(ascii: "="))
            append(value, to: &bytes)
        }
        return bytes
    }

    /// The same as text, for a query.
    package static func text(_ fields: [(String, String)]) -> String {
        String(decoding: encode(fields), as: UTF8.self)
    }

    /// The pairs of a form or a query, in their order and still encoded. Without a `=` the value is empty. Nothing between
    /// two `&` is no pair.
    ///
    /// - Parameter most: How many are read at most.
    @inlinable
    package static func pairs<Bytes: Collection<UInt8>>(
        _ bytes: Bytes, most: Int = .max
    ) -> [(name: Bytes.SubSequence, value: Bytes.SubSequence)] {
        var pairs: [(name: Bytes.SubSequence, value: Bytes.SubSequence)] = []
        var rest = bytes[...]
        while !rest.isEmpty, pairs.count < most {
            let pair = rest.prefix { $0 != UInt8(ascii: "&") }
            rest = rest[pair.endIndex...].dropFirst()
            guard !pair.isEmpty else { continue }
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            pairs.append((name, pair[name.endIndex...].dropFirst()))
        }
        return pairs
    }

    /// The text of a name or a value; `nil` when it is not percent-encoded UTF-8.
    package static func text(decoding text: some Collection<UInt8>) -> String? {
        decode(text).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// What to do with a `%` that is not followed by two digits.
    package enum BrokenEscape: Sendable { case refused, kept }

    /// Decodes the bytes of a name or a value: escapes become bytes, `+` becomes a space.
    ///
    /// - Returns: `nil` when a broken escape is refused.
    package static func decode(_ text: some Collection<UInt8>, _ broken: BrokenEscape = .refused) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                let digits = rest.prefix(2).compactMap(\.hexadecimalDigit)
                if digits.count == 2 {
                    bytes.append(UInt8(digits[0] << 4 | digits[1]))
                    rest = rest.dropFirst(2)
                } else if broken == .kept {
                    bytes.append(byte)
                } else {
                    return nil
                }
            default: bytes.append(byte)
            }
        }
        return bytes
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            if byte.isASCIIAlphanumeric || "*-._".utf8.contains(byte) {
                bytes.append(byte)
            } else if byte == UInt8(ascii: " ") {
                bytes.append(UInt8(ascii: "+"))
            } else {
                PercentEncoding.append(byte, to: &bytes)
            }
        }
    }
}
