import Crypto
import SharedModels

/// Recognises people who come back, without storing who they are.
package struct IdentityDigests: Sendable {
    private let keys: [SymmetricKey]

    /// - Parameter secret: People who left under a secret that is not among these are not recognised any more.
    package init(_ purpose: KeyPurpose, of secret: RotatingSecret) {
        keys = secret.all.map { $0.key(for: purpose) }
    }

    /// HMAC-SHA256 of the ids at GitHub and Google and of the mail addresses, where known, in hexadecimal, under each key.
    /// These have so few possible values that a plain hash could be found by trying them all.
    package func of(gitHub: Int64?, google: String? = nil, emails: [String?]) -> [String] {
        let addresses = Set(emails.compactMap { $0?.lowercased() }).sorted()
        let ids = [gitHub.map { "github:\($0)" }, google.map { "google:\($0)" }].compactMap(\.self)
        return (ids + addresses.map { "email:\($0)" }).flatMap { name in
            keys.map { Hexadecimal.encode(HMAC<SHA256>.authenticationCode(for: Array(name.utf8), using: $0)) }
        }
    }
}
