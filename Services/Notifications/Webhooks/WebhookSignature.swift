import Crypto
import ServiceKit
import SharedModels

/// The headers that prove to a receiver that a delivery is ours.
enum WebhookSignature {
    /// `X-ClawConnected-Signature` covers only the body, and its key is the whole secret. The three headers of Standard
    /// Webhooks (standardwebhooks.com, version 1) also cover id and time, and their key is the secret's bytes.
    ///
    /// - Parameters:
    ///   - format: A webhook made on `/v1` gets `X-SkillSync-Signature` too, with the same value.
    ///   - former: The secret before the present one, which signs too for a while.
    ///   - now: The time of the attempt. It lets receivers refuse old ones.
    static func headers(
        id: EventID, body: [UInt8], secret: WebhookSecret, former: WebhookSecret? = nil,
        format: WebhookFormat = .clawConnected, at now: Timestamp
    ) -> [(name: String, value: String)] {
        let signed = Array("\(id).\(now.seconds).".utf8) + body
        let signatures = [standard(signed, secret)] + (former.map { [standard(signed, $0)] } ?? [])
        let ofBody = ofBody(body, secret)
        let names = ["X-ClawConnected-Signature"] + (format == .skillSync ? ["X-SkillSync-Signature"] : [])
        return names.map { ($0, ofBody) } + [
            ("webhook-id", "\(id)"),
            ("webhook-timestamp", "\(now.seconds)"),
            ("webhook-signature", signatures.joined(separator: " ")),
        ] + (former.map { [("X-ClawConnected-Signature-Former", self.ofBody(body, $0))] } ?? [])
    }

    /// `sha256=` and the HMAC in hexadecimal digits.
    static func ofBody(_ body: [UInt8], _ secret: WebhookSecret) -> String {
        let whole = HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: secret.text.bytes))
        return "sha256=\(Hexadecimal.encode(whole))"
    }

    /// - Parameter signed: Id, time and body, with dots between them.
    static func standard(_ signed: [UInt8], _ secret: WebhookSecret) -> String {
        "v1,\(Base64.encode(HMAC<SHA256>.authenticationCode(for: signed, using: secret.decoded)))"
    }
}
