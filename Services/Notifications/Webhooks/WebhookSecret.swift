import Crypto
import Foundation
import ServiceKit
import SharedModels

/// What a webhook's deliveries are signed with: `whsec_` and base64 of 32 random bytes.
struct WebhookSecret: Sendable {
    static let prefix = "whsec_"

    let text: Secret

    /// - Returns: `nil` when `text` is not of that form.
    init?(_ text: String) {
        guard text.hasPrefix(Self.prefix), Data(base64Encoded: String(text.dropFirst(Self.prefix.count))) != nil else {
            return nil
        }
        self.text = Secret(text)
    }

    /// A new one, from the system's generator.
    init() {
        let key = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        text = Secret(Self.prefix + key.base64EncodedString())
    }

    /// The random bytes themselves: the key of Standard Webhooks.
    var decoded: SymmetricKey {
        SymmetricKey(data: Data(base64Encoded: String(text.reveal().dropFirst(Self.prefix.count))) ?? Data())
    }
}

/// Encrypts secrets for the database, so that a copy of it signs nothing.
///
/// AES-256-GCM under a key derived from the service's own; bound to the webhook, so that secrets cannot be swapped.
struct SecretVault: Sendable {
    private let key: SymmetricKey

    init(key: Secret) {
        self.key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key.bytes), info: Data("guildhall webhook secrets".utf8),
            outputByteCount: 32)
    }

    func seal(_ secret: WebhookSecret, of id: WebhookID) throws -> [UInt8] {
        let box = try AES.GCM.seal(Data(secret.text.bytes), using: key, authenticating: Data("\(id)".utf8))
        guard let combined = box.combined else { throw CryptoKitError.incorrectParameterSize }
        return Array(combined)
    }

    /// - Throws: `CryptoKitError` when it was sealed with another key, or for another webhook.
    func open(_ sealed: [UInt8], of id: WebhookID) throws -> WebhookSecret {
        let box = try AES.GCM.SealedBox(combined: sealed)
        let text = try AES.GCM.open(box, using: key, authenticating: Data("\(id)".utf8))
        guard let secret = WebhookSecret(String(decoding: text, as: UTF8.self)) else {
            throw CryptoKitError.authenticationFailure
        }
        return secret
    }
}
