import Crypto
import SharedModels

/// Random secrets that are never typed: 256 bits in base 64 for URLs, 43 characters.
enum RandomText {
    static func make() -> String {
        SymmetricKey(size: .bits256).withUnsafeBytes { Base64URL.encode($0) }
    }
}
