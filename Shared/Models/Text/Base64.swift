/// Base 64 with the usual alphabet (RFC 4648, section 4).
package enum Base64 {
    private static let alphabet = Base64Alphabet(last: "+/")

    package static func encode(_ bytes: some Sequence<UInt8>, padded isPadded: Bool = true) -> String {
        let text = alphabet.encode(bytes)
        return isPadded ? text + padding(of: text.utf8.count) : text
    }

    /// - Returns: `nil` for a text that ``encode(_:padded:)`` never writes: one with too much or too little padding or
    ///   a foreign character, of an impossible length, or with unused bits set in the last character.
    package static func decode(_ text: some StringProtocol, padded isPadded: Bool = true) -> [UInt8]? {
        guard isPadded else { return alphabet.decode(text.utf8) }
        let digits = text.utf8.prefix { $0 != UInt8(ascii: "=") }
        guard text.utf8.dropFirst(digits.count).elementsEqual(padding(of: digits.count).utf8) else { return nil }
        return alphabet.decode(digits)
    }

    private static func padding(of digits: Int) -> String {
        String(repeating: "=", count: (4 - digits % 4) % 4)
    }
}

/// Base 64 with the alphabet of URLs and without padding (RFC 4648, section 5; RFC 7515, appendix C).
package enum Base64URL {
    private static let alphabet = Base64Alphabet(last: "-_")

    package static func encode(_ bytes: some Sequence<UInt8>) -> String { alphabet.encode(bytes) }

    /// - Returns: `nil` for a text that ``encode(_:)`` never writes: one with padding or a foreign character, of an
    ///   impossible length, or with unused bits set in the last character.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? { alphabet.decode(text.utf8) }
}

/// The 64 digits, which differ in the last two.
private struct Base64Alphabet {
    private let digits: [UInt8]
    /// By digit; `nil` for every other byte.
    private let values: [UInt32?]

    init(last: String) {
        digits = Array(("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + last).utf8)
        values = digits.enumerated().reduce(into: Array(repeating: nil, count: 256)) { values, digit in
            values[Int(digit.element)] = UInt32(digit.offset)
        }
    }

    func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        var (pending, bits): (UInt32, UInt32) = (0, 0)
        for byte in bytes {
            pending = pending << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(digits[Int(pending >> bits & 63)])
            }
        }
        if bits > 0 { text.append(digits[Int(pending << (6 - bits) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }

    func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var (pending, bits): (UInt32, UInt32) = (0, 0)
        for character in text {
            guard let value = values[Int(character)] else { return nil }
            pending = pending << 6 | value
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: pending >> bits))
            }
        }
        return bits < 6 && pending & ((1 << bits) - 1) == 0 ? bytes : nil
    }
}
