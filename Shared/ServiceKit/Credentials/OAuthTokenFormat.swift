import Crypto
import SharedModels

/// The form of what OAuth 2.0 gives out: a prefix that says what it is, 256 bits in base 64 for URLs, and the CRC-32
/// over both as 6 base-62 characters, as in ``APIKeyFormat``. All are longer than the longest key.
package enum OAuthTokenFormat: String, CaseIterable, Sendable {
    case accessToken = "oauth_at_"
    case refreshToken = "oauth_rt_"
    case code = "oauth_ac_"
    case clientSecret = "oauth_cs_"

    private static let randomLength = 43
    private static let checksumLength = 6

    package func make() -> String {
        text(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
    }

    /// - Parameter secret: 32 bytes.
    package func text(_ secret: [UInt8]) -> String {
        precondition(secret.count == 32, "a token has 256 bits")
        let bytes = Array(rawValue.utf8) + Array(Base64URL.encode(secret).utf8)
        return String(decoding: bytes + APIKeyFormat.checksum(of: bytes), as: UTF8.self)
    }

    /// Whether `text` has this form, with the right checksum.
    package func matches(_ text: String) -> Bool {
        guard isBegun(by: text) else { return false }
        let bytes = Array(text.utf8)
        let rest = bytes.dropFirst(rawValue.utf8.count)
        guard rest.count == Self.randomLength + Self.checksumLength,
            rest.allSatisfy({ $0.isASCIIAlphanumeric || "-_".utf8.contains($0) })
        else { return false }
        return bytes.suffix(Self.checksumLength)
            .elementsEqual(APIKeyFormat.checksum(of: bytes.dropLast(Self.checksumLength)))
    }

    /// Whether `text` begins as one of these, and was never given out.
    package static func isMistyped(_ text: String) -> Bool {
        allCases.contains { $0.isBegun(by: text) && !$0.matches(text) }
    }

    private func isBegun(by text: String) -> Bool { text.utf8.starts(with: rawValue.utf8) }
}
