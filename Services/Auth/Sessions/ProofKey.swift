import Crypto
import SharedModels

/// Proof Key for Code Exchange (RFC 7636) with the method S256: who exchanges the code is who asked for it.
struct ProofKey: Sendable, Equatable {
    /// Kept by us until the code is exchanged.
    let verifier: String

    /// Sent with the browser.
    var challenge: String { Base64URL.encode(SHA256.hash(data: Array(verifier.utf8))) }

    init(verifier: String) {
        self.verifier = verifier
    }

    static func make() -> Self { Self(verifier: RandomText.make()) }
}
