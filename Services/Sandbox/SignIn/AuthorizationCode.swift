import Crypto
import ServiceKit
import SharedModels

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What an authorization code stands for.
struct AuthorizationCode: Sendable {
    /// The login at GitHub, the mail address at Google.
    let login: String
    let clientID: String
    let redirectURI: String
    let scope: String
    /// PKCE, S256; `nil` when the client sent none.
    let challenge: String?
    /// What the ID token repeats.
    let nonce: String?
    let expiresAt: Timestamp

    /// RFC 7636, section 4.6.
    func isProven(by verifier: String?) -> Bool {
        guard let challenge else { return true }
        guard let verifier else { return false }
        return Base64URL.encode(SHA256.hash(data: Data(verifier.utf8))) == challenge
    }
}
