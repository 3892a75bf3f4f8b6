import Crypto
import Foundation

/// What a key is derived for. One secret guards many doors, each with a key of its own: who learns one of them has
/// none of the others, and nothing made for one purpose passes for another.
///
/// The texts are the `info` of HKDF (RFC 5869). What was sealed under one opens only under the same, so none is ever
/// changed.
package enum KeyPurpose: String, CaseIterable, Sendable {
    /// The signatures by which our services know each other.
    case serviceTokens = "service tokens"
    /// Auth's signing keys at rest.
    case signingKeys = "signing keys"
    /// Answers kept for an `Idempotency-Key`, which can show a secret.
    case idempotencyAnswers = "idempotency answers"
    /// The secrets of webhooks at rest.
    case webhookSecrets = "guildhall webhook secrets"
    /// The digests by which talent recognises a person who comes back.
    case tombstones = "tombstones"
    /// The digests by which auth recognises a person who comes back.
    case departedIdentities = "departed identities"
}

extension Secret {
    /// 256 bits for one purpose alone (HKDF-SHA256).
    package func key(for purpose: KeyPurpose) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: bytes), info: Data(purpose.rawValue.utf8), outputByteCount: 32)
    }
}
