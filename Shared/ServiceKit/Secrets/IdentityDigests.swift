import Crypto
import SharedModels

/// Recognises somebody who comes back, without keeping who that is.
package struct IdentityDigests: Sendable {
    private let key: SymmetricKey

    /// - Parameter secret: With another one, nobody who left before is recognised any more.
    package init(_ purpose: KeyPurpose, of secret: Secret) {
        key = secret.key(for: purpose)
    }

    /// HMAC-SHA256 of the GitHub id and of the mail address, as far as there are any, in hexadecimal. A plain hash of
    /// so few possible values could be found out by trying.
    package func of(gitHub: Int64?, email: String?) -> [String] {
        let names = [gitHub.map { "github:\($0)" }, email.map { "email:\($0.lowercased())" }]
        return names.compactMap(\.self).map { name in
            Hexadecimal.encode(HMAC<SHA256>.authenticationCode(for: Array(name.utf8), using: key))
        }
    }
}
