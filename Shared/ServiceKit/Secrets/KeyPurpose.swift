import Crypto
import Foundation

/// The purpose of a derived key. One secret protects many things, each with its own key. Knowing one key reveals none
/// of the others, and nothing made for one purpose is accepted for another.
///
/// The texts are the `info` of HKDF (RFC 5869). A sealed value opens only under the same text, so the texts never
/// change.
package enum KeyPurpose: String, CaseIterable, Sendable {
    /// The signatures with which our services prove their names.
    case serviceTokens = "service tokens"
    /// Auth's signing keys at rest.
    case signingKeys = "signing keys"
    /// Stored answers for an `Idempotency-Key`, which can show a secret.
    case idempotencyAnswers = "idempotency answers"
    /// The secrets of webhooks at rest.
    case webhookSecrets = "guildhall webhook secrets"
    /// The one-time codes that confirm channels.
    case channelCodes = "channel codes"
    /// The links with which a reader ends mails.
    case unsubscribeLinks = "unsubscribe links"
    /// The secrets with which clients confirm payments.
    case clientSecrets = "client secrets"
    /// The digests with which talent recognises a person who comes back.
    case tombstones = "tombstones"
    /// The signatures of links to media.
    case mediaLinks = "media links"
    /// The digests with which auth recognises a person who comes back.
    case departedIdentities = "departed identities"
    /// The texts of mails that auth has not sent yet. They hold codes and links.
    case waitingMails = "waiting mails"
    /// The digests of one-time codes, which are so short that a plain hash could be found by trying them all.
    case oneTimeCodes = "one-time codes"
    /// The proofs that a form in which somebody lets a client in is one of our own.
    case consentForms = "consent forms"
}

extension Secret {
    /// 256 bits for this purpose only (HKDF-SHA256).
    package func key(for purpose: KeyPurpose) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: bytes), info: Data(purpose.rawValue.utf8), outputByteCount: 32)
    }
}
