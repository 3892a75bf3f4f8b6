import Crypto
import ServiceKit
import SharedModels

/// Signs a webhook's deliveries: `whsec_` and base64 of 32 random bytes, or a text that its owner chose.
struct WebhookSecret: Sendable {
    static let prefix = "whsec_"

    let text: Secret

    /// - Returns: `nil` when `text` begins like a secret of Standard Webhooks, but what follows is not base 64.
    init?(_ text: String) {
        guard let key = Self.key(in: text), !key.isEmpty else { return nil }
        self.text = Secret(text)
    }

    /// A new secret from the system's random generator.
    init() {
        text = Secret(Self.prefix + SymmetricKey(size: .bits256).withUnsafeBytes { Base64.encode($0) })
    }

    /// The key for Standard Webhooks: the random bytes themselves, or the bytes of the owner's text.
    var decoded: SymmetricKey {
        SymmetricKey(data: Self.key(in: text.reveal()) ?? [])
    }

    private static func key(in text: String) -> [UInt8]? {
        text.utf8.starts(with: prefix.utf8) ? Base64.decode(text.dropFirst(prefix.count)) : Array(text.utf8)
    }
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
