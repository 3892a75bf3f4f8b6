import Crypto
import SharedModels

/// Recognises people who come back, without storing who they are.
package struct IdentityDigests: Sendable {
    private let keys: [SymmetricKey]

    /// - Parameter secret: People who left under a secret that is not among these are not recognised any more.
    package init(_ purpose: KeyPurpose, of secret: RotatingSecret) {
        keys = secret.all.map { $0.key(for: purpose) }
    }

    /// HMAC-SHA256 of the GitHub id and of the mail address, where known, in hexadecimal, under each key. These have so
    /// few possible values that a plain hash could be found by trying them all.
    package func of(gitHub: Int64?, email: String?) -> [String] {
        let names = [gitHub.map { "github:\($0)" }, email.map { "email:\($0.lowercased())" }]
        return names.compactMap(\.self).flatMap { name in
            keys.map { Hexadecimal.encode(HMAC<SHA256>.authenticationCode(for: Array(name.utf8), using: $0)) }
        }
    }
}
