import Crypto

/// Secrets that only travel: 256 random bits in base 64 for URLs, 43 characters.
enum RandomText {
    static func make() -> String {
        SymmetricKey(size: .bits256).withUnsafeBytes { encode($0) }
    }

    /// Base 64 with the URL-safe alphabet, without padding (RFC 4648, section 5).
    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var text: [UInt8] = []
        var pending: UInt32 = 0
        var bits = 0
        for byte in bytes {
            pending = pending << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(digits[Int(pending >> UInt32(bits) & 63)])
            }
        }
        if bits > 0 { text.append(digits[Int(pending << UInt32(6 - bits) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }
}
