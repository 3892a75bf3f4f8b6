import Crypto
import SharedModels

/// Secrets that only travel: 256 random bits in base 64 for URLs, 43 characters.
enum RandomText {
    static func make() -> String {
        SymmetricKey(size: .bits256).withUnsafeBytes { Base64URL.encode($0) }
    }
}
