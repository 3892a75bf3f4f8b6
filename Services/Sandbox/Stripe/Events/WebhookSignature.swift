import Crypto
import ServiceKit
import SharedModels

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Signs webhooks as Stripe does (https://docs.stripe.com/webhooks#verify-manually).
struct WebhookSignature: Sendable {
    /// More than one during a rotation.
    let secrets: [Secret]

    /// The header `Stripe-Signature`: `t=<seconds>,v1=<hex HMAC-SHA256 of "<seconds>.<body>">`, one `v1` for
    /// each secret.
    func header(for body: [UInt8], at now: Timestamp) -> String {
        let signed = Data("\(now.seconds).".utf8) + Data(body)
        let signatures = secrets.map { secret in
            let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: secret.bytes))
            return ",v1=" + Hexadecimal.encode(code)
        }
        return "t=\(now.seconds)" + signatures.joined()
    }
}
