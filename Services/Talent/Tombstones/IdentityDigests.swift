import Crypto
import Foundation
import ServiceKit
import SharedModels

/// Recognises somebody who comes back, without keeping who that is.
struct IdentityDigests: Sendable {
    private let key: SymmetricKey

    /// - Parameter secret: With another one, nobody who left before is recognised any more.
    init(secret: Secret) {
        key = secret.key(for: .tombstones)
    }

    /// HMAC-SHA256 of the GitHub id and of the e-mail address, as far as there are any, in hexadecimal. A
    /// plain hash of so few possible values could be found out by trying.
    func of(_ facts: AccountFacts) -> [String] {
        let names = [facts.githubID.map { "github:\($0)" }, facts.email.map { "email:\($0.lowercased())" }]
        return names.compactMap(\.self).map { name in
            Hexadecimal.encode(HMAC<SHA256>.authenticationCode(for: Data(name.utf8), using: key))
        }
    }
}
