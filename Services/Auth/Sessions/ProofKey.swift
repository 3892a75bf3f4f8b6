import Crypto
import SharedModels

/// Proof Key for Code Exchange (RFC 7636), method S256. It proves that the client that exchanges the code also asked
/// for it.
struct ProofKey: Sendable, Equatable {
    /// Kept secret until the code is exchanged.
    let verifier: String

    /// Sent along with the browser.
    var challenge: String { Self.digest(verifier) }

    /// Sent along with the browser too, and comes back inside the ID token, which was issued for this sign-in then
    /// (OpenID Connect Core, section 15.5.2). It says nothing about the verifier, nor about the challenge.
    var nonce: String { Self.digest("nonce \(verifier)") }

    static func make() -> Self { Self(verifier: RandomText.make()) }

    private static func digest(_ text: String) -> String { Base64URL.encode(SHA256.hash(data: Array(text.utf8))) }
}
