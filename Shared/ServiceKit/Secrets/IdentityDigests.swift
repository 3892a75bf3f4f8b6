import Crypto
import SharedModels

/// Recognises people who come back, without storing who they are.
package struct IdentityDigests: Sendable {
    private let key: SymmetricKey

    /// - Parameter secret: With a different secret, people who left earlier are not recognised any more.
    package init(_ purpose: KeyPurpose, of secret: Secret) {
        key = secret.key(for: purpose)
    }

    /// HMAC-SHA256 of the GitHub id and of the mail address, where known, in hexadecimal. These have so few possible
    /// values that a plain hash could be found by trying them all.
    package func of(gitHub: Int64?, email: String?) -> [String] {
        let names = [gitHub.map { "github:\($0)" }, email.map { "email:\($0.lowercased())" }]
        return names.compactMap(\.self).map { name in
            Hexadecimal.encode(HMAC<SHA256>.authenticationCode(for: Array(name.utf8), using: key))
        }
    }
}
