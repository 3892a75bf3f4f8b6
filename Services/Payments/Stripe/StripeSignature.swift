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

    /// In bytes. Stripe's headers have about 200.
    private static let longestHeader = 2048

    /// The default of Stripe's own libraries.
    static let tolerance = Duration.seconds(300)

    /// More than one during a rotation.
    let secrets: [Secret]

    /// - Parameters:
    ///   - header: `Stripe-Signature`.
    ///   - body: The raw body.
    func verify(_ header: String?, body: [UInt8], at now: Timestamp) throws(Flaw) {
        guard let header else { throw .missing }
        guard header.utf8.count <= Self.longestHeader else { throw .malformed }
        var time: (text: String, seconds: Int64)?
        var signatures: [[UInt8]] = []
        for part in header.utf8.split(separator: UInt8(ascii: ",")) {
            let pair = part.split(separator: UInt8(ascii: "="), maxSplits: 1)
            guard pair.count == 2 else { throw .malformed }
            let text = String(decoding: pair[1], as: UTF8.self)
            // Other names are schemes of other versions.
            if pair[0].elementsEqual("t".utf8) {
                time = Int64(text).map { (text, $0) }
            } else if pair[0].elementsEqual("v1".utf8), let bytes = Self.bytes(hexadecimal: text) {
                signatures.append(bytes)
            }
        }
        guard let time, !signatures.isEmpty else { throw .malformed }
        // Compared in whole seconds, with an overflow check, because a time may have up to 19 digits.
        let (age, overflow) = now.seconds.subtractingReportingOverflow(time.seconds)
        guard !overflow, abs(age) <= Self.tolerance.components.seconds else { throw .stale }
        let signed = Data("\(time.text).".utf8) + Data(body)
        let isOurs = secrets.contains { secret in
            let code = Array(HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: secret.bytes)))
            return signatures.contains { constantTimeEqual($0, code) }
        }
        guard isOurs else { throw .wrong }
    }

    private static func bytes(hexadecimal text: String) -> [UInt8]? {
        Hexadecimal.decode(text).flatMap { $0.count == 32 ? $0 : nil }
    }
}
