import Crypto
import ServiceKit
import SharedModels

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Checks that a webhook comes from Stripe: https://docs.stripe.com/webhooks#verify-manually.
///
/// The header is `t=<seconds>,v1=<hex>[,v1=<hex>…]`; each `v1` is the HMAC-SHA256 of `<seconds>.<raw body>`
/// under one of the endpoint's secrets.
struct StripeSignature: Sendable {
    /// What is wrong with a signature.
    enum Flaw: String, Error, CaseIterable {
        case missing, malformed
        /// Signed longer ago, or further in the future, than the tolerance allows.
        case stale
        case wrong
    }

    /// The default of Stripe's own libraries.
    static let tolerance = Duration.seconds(300)

    /// More than one during a rotation.
    let secrets: [Secret]

    /// - Parameters:
    ///   - header: `Stripe-Signature`.
    ///   - body: The raw body.
    func verify(_ header: String?, body: [UInt8], at now: Timestamp) throws(Flaw) {
        guard let header else { throw .missing }
        var time: (text: String, seconds: Int64)?
        var signatures: [[UInt8]] = []
        for part in header.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2 else { throw .malformed }
            switch pair[0] {
            case "t": time = Int64(pair[1]).map { (pair[1], $0) }
            case "v1": if let bytes = Self.bytes(hexadecimal: pair[1]) { signatures.append(bytes) }
            default: break  // schemes of other versions
            }
        }
        guard let time, !signatures.isEmpty else { throw .malformed }
        // Compared in whole seconds, with an overflow check, because a time may have up to 19 digits.
        let (age, overflow) = now.seconds.subtractingReportingOverflow(time.seconds)
        guard !overflow, abs(age) <= Self.tolerance.components.seconds else { throw .stale }
        let signed = Data("\(time.text).".utf8) + Data(body)
        let isOurs = secrets.contains { secret in
            let key = SymmetricKey(data: secret.bytes)
            // Compares in constant time.
            return signatures.contains {
                HMAC<SHA256>.isValidAuthenticationCode($0, authenticating: signed, using: key)
            }
        }
        guard isOurs else { throw .wrong }
    }

    private static func bytes(hexadecimal text: String) -> [UInt8]? {
        Hexadecimal.decode(text).flatMap { $0.count == 32 ? $0 : nil }
    }
}
