import Crypto
import ServiceKit
import SharedModels

/// The headers that prove to a receiver that a delivery is ours.
enum WebhookSignature {
    /// `X-ClawConnected-Signature` covers only the body, and its key is the whole secret. The three headers of Standard
    /// Webhooks (standardwebhooks.com, version 1) also cover id and time, and their key is the secret's bytes.
    ///
    /// - Parameters:
    ///   - former: The secret before the present one, which signs too for a while.
    ///   - now: The time of the attempt. It lets receivers refuse old ones.
    static func headers(
        id: EventID, body: [UInt8], secret: WebhookSecret, former: WebhookSecret? = nil, at now: Timestamp
    ) -> [(name: String, value: String)] {
        let signed = Array("\(id).\(now.seconds).".utf8) + body
        let signatures = [standard(signed, secret)] + (former.map { [standard(signed, $0)] } ?? [])
        return [
            ("X-ClawConnected-Signature", ofBody(body, secret)),
            ("webhook-id", "\(id)"),
            ("webhook-timestamp", "\(now.seconds)"),
            ("webhook-signature", signatures.joined(separator: " ")),
        ] + (former.map { [("X-ClawConnected-Signature-Former", ofBody(body, $0))] } ?? [])
    }

    private static func ofBody(_ body: [UInt8], _ secret: WebhookSecret) -> String {
        let whole = HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: secret.text.bytes))
        return "sha256=\(Hexadecimal.encode(whole))"
    }

    /// - Parameter signed: Id, time and body, with dots between them.
    static func standard(_ signed: [UInt8], _ secret: WebhookSecret) -> String {
        "v1,\(Base64.encode(HMAC<SHA256>.authenticationCode(for: signed, using: secret.decoded)))"
    }
}
