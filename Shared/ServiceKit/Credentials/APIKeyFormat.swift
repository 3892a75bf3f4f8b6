import Crypto
import SharedModels

/// The format of an API key: a prefix, 32 random base-62 characters (190 bits), and the CRC-32 over prefix and random
/// part as 6 base-62 characters. The checksum lets a service refuse a mistyped key without asking auth.
///
/// Base-62 digits are `0-9A-Za-z` in this order; the checksum is written most significant digit first with
/// leading zeros. Other tokens must not have this form (ours contain `.` or are longer, as ``OAuthTokenFormat``).
package enum APIKeyFormat {
    package static let defaultPrefix = "cc_live_"
    /// The prefix of keys with scopes, which the SkillSync surface makes.
    package static let scopedPrefix = "sk_live_"

    /// What a text is, judged by its form alone.
    package enum Reading: Sendable, Equatable {
        case key
        /// It looks like a key, but its checksum is wrong, so no such key was ever issued.
        case wrongChecksum
        case somethingElse
    }

    private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    private static let randomLength = 32
    private static let checksumLength = 6

    /// Whether keys may have this prefix: 1 to 16 of `a-z`, `0-9` and `_`.
    package static func isPrefix(_ text: some StringProtocol) -> Bool {
        (1...16).contains(text.utf8.count) && text.utf8.allSatisfy(isPrefixCharacter)
    }

    /// A new key. `prefix` must pass ``isPrefix(_:)``.
    package static func generate(prefix: String) -> String {
        precondition(isPrefix(prefix), "a key begins with 1 to 16 of a-z, 0-9 and _")
        var generator = SystemRandomNumberGenerator()
        var bytes = Array(prefix.utf8)
        for _ in 0..<randomLength { bytes.append(digits[Int.random(in: 0..<62, using: &generator)]) }
        bytes += checksum(of: bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    package static func read(_ text: String) -> Reading {
        let bytes = Array(text.utf8)
        let tail = randomLength + checksumLength
        guard
            (tail + 1...tail + 16).contains(bytes.count), bytes.dropLast(tail).allSatisfy(isPrefixCharacter),
            bytes.suffix(tail).allSatisfy(\.isASCIIAlphanumeric)
        else { return .somethingElse }
        return bytes.suffix(checksumLength).elementsEqual(checksum(of: bytes.dropLast(checksumLength)))
            ? .key : .wrongChecksum
    }

    /// The part of a key that is shown after its creation: the prefix and the first four characters after it.
    package static func displayPrefix(of key: String, prefix: String) -> String {
        String(key.prefix(prefix.count + 4))
    }

    /// The form in which a key, a session or a token is stored.
    package static func sha256(_ secret: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(secret.utf8)))
    }

    static func checksum(of bytes: some Sequence<UInt8>) -> [UInt8] {
        var rest = CRC32.checksum(bytes)
        var text = [UInt8](repeating: digits[0], count: checksumLength)
        for position in text.indices.reversed() {
            text[position] = digits[Int(rest % 62)]
            rest /= 62
        }
        return text
    }

    private static func isPrefixCharacter(_ byte: UInt8) -> Bool {
        byte.isASCIILowercase || byte.isASCIIDigit || byte == UInt8(ascii: "_")
    }
}
