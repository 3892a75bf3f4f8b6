import Crypto
import ServiceKit
import SharedModels

/// The headers that prove to a receiver that a delivery is ours.
enum WebhookSignature {
    /// `X-ClawConnected-Signature` covers only the body, and its key is the whole secret. The three headers of Standard
    /// Webhooks (standardwebhooks.com, version 1) also cover id and time, and their key is the secret's bytes.
    ///
    /// - Parameter now: The time of the attempt. It lets receivers refuse old ones.
    static func headers(
        id: EventID, body: [UInt8], secret: WebhookSecret, at now: Timestamp
    ) -> [(name: String, value: String)] {
        let whole = HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: secret.text.bytes))
        let signed = Array("\(id).\(now.seconds).".utf8) + body
        return [
            ("X-ClawConnected-Signature", "sha256=\(Hexadecimal.encode(whole))"),
            ("webhook-id", "\(id)"),
            ("webhook-timestamp", "\(now.seconds)"),
            ("webhook-signature", standard(signed, secret)),
        ]
    }

    /// - Parameter signed: Id, time and body, with dots between them.
    static func standard(_ signed: [UInt8], _ secret: WebhookSecret) -> String {
        "v1,\(Base64.encode(HMAC<SHA256>.authenticationCode(for: signed, using: secret.decoded)))"
    }
}
