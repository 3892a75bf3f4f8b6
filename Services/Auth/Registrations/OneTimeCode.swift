import Crypto
import ServiceKit
import SharedModels

/// Six digits that prove a mail address: only its reader knows them.
struct OneTimeCode: Sendable, Equatable {
    static let lifetime = Duration.minutes(5)
    /// How many codes may be tried before another one has to be mailed.
    static let guesses = 5

    let text: String

    static func make() -> Self {
        var generator = SystemRandomNumberGenerator()
        return Self(text: String(Int.random(in: 100_000...999_999, using: &generator)))
    }
}

/// Turns codes into what is stored of them: HMAC-SHA256 of address and code.
struct CodeDigests: Sendable {
    private let keys: [SymmetricKey]

    init(_ secret: RotatingSecret) {
        keys = secret.all.map { $0.key(for: .oneTimeCodes) }
    }

    func digest(of code: OneTimeCode, for email: String) -> [UInt8] { Self.digest(code.text, email, keys[0]) }

    /// Whether `text` is the code that `digest` was made of, under any of the keys.
    func matches(_ text: String, for email: String, _ digest: [UInt8]) -> Bool {
        keys.contains { constantTimeEqual(Self.digest(text, email, $0), digest) }
    }

    private static func digest(_ text: String, _ email: String, _ key: SymmetricKey) -> [UInt8] {
        // An address has no spaces, so the two parts cannot be shifted.
        Array(HMAC<SHA256>.authenticationCode(for: Array("\(email) \(text)".utf8), using: key))
    }
}
