import Crypto
import ServiceKit
import SharedModels

/// Signs a webhook's deliveries: `whsec_` and base64 of 32 random bytes.
struct WebhookSecret: Sendable {
    static let prefix = "whsec_"

    let text: Secret

    /// - Returns: `nil` when `text` does not have that form.
    init?(_ text: String) {
        guard text.hasPrefix(Self.prefix), Self.key(in: text) != nil else { return nil }
        self.text = Secret(text)
    }

    /// A new secret from the system's random generator.
    init() {
        text = Secret(Self.prefix + SymmetricKey(size: .bits256).withUnsafeBytes { Base64.encode($0) })
    }

    /// The random bytes themselves: the key for Standard Webhooks.
    var decoded: SymmetricKey {
        SymmetricKey(data: Self.key(in: text.reveal()) ?? [])
    }

    private static func key(in text: String) -> [UInt8]? { Base64.decode(text.dropFirst(prefix.count)) }
}

/// Encrypts secrets for the database, so that a copy of it cannot sign. Each secret opens only for its own webhook.
struct SecretVault: Sendable {
    private let seal: Seal

    init(key: RotatingSecret) {
        seal = Seal(.webhookSecrets, of: key)
    }

    func seal(_ secret: WebhookSecret, of id: WebhookID) throws -> [UInt8] {
        try seal.close(secret.text.bytes, for: "\(id)")
    }

    /// - Throws: ``BrokenSeal`` when it was sealed with another key, or for another webhook.
    func open(_ sealed: [UInt8], of id: WebhookID) throws(BrokenSeal) -> WebhookSecret {
        guard let secret = WebhookSecret(String(decoding: try seal.open(sealed, for: "\(id)"), as: UTF8.self)) else {
            throw BrokenSeal()
        }
        return secret
    }
}
