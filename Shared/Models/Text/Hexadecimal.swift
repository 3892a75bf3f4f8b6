/// Bytes as hexadecimal digits, two each, and back.
package enum Hexadecimal {
    package enum Letters: Sendable { case small, capital }

    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.underestimatedCount)
        for byte in bytes { append(byte, to: &text) }
        return String(decoding: text, as: UTF8.self)
    }

    /// - Returns: `nil` for an odd number of characters or a character that is not a digit. Takes small and capital
    ///   letters.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 2)
        var digits = text.utf8.makeIterator()
        while let first = digits.next() {
            guard let high = first.hexadecimalDigit, let low = digits.next()?.hexadecimalDigit else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }

    /// Appends the two digits of `byte`.
    package static func append(_ byte: UInt8, to text: inout [UInt8], _ letters: Letters = .small) {
        text.append(digit(byte >> 4, letters))
        text.append(digit(byte & 15, letters))
    }

    private static func digit(_ value: UInt8, _ letters: Letters) -> UInt8 {
        if value < 10 { return UInt8(ascii: "0") + value }
        return (letters == .small ? UInt8(ascii: "a") : UInt8(ascii: "A")) + (value - 10)
    }
}

extension UInt8 {
    /// The value of an ASCII hexadecimal digit; `nil` for any other byte.
    package var hexadecimalDigit: UInt64? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(self - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(self - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(self - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
