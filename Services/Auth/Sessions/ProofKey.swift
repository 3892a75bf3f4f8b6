import Crypto
import SharedModels

/// Proof Key for Code Exchange (RFC 7636), method S256. It proves that the client that exchanges the code also asked
/// for it.
struct ProofKey: Sendable, Equatable {
    /// Kept secret until the code is exchanged.
    let verifier: String

    /// Sent along with the browser.
    var challenge: String { Base64URL.encode(SHA256.hash(data: Array(verifier.utf8))) }

    static func make() -> Self { Self(verifier: RandomText.make()) }
}
