import Crypto
import Postgres
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

/// Every statement on the table `authorization_codes`.
struct AuthorizationCodeStore: Sendable {
    let database: Database
    /// Whose codes they are.
    let provider: String

    func insert(_ code: String, _ grant: AuthorizationCode) async throws {
        try await database.execute(
            """
            INSERT INTO authorization_codes (code, provider, login, client_id, redirect_uri, scope, challenge, nonce,
                                             expires_at)
            VALUES (\(code), \(provider), \(grant.login), \(grant.clientID), \(grant.redirectURI), \(grant.scope),
                    \(grant.challenge), \(grant.nonce), \(grant.expiresAt))
            """)
    }

    /// Removes a code, so that it works only once, even if the rest fails.
    func take(_ code: String) async throws -> AuthorizationCode? {
        try await database.first(
            """
            DELETE FROM authorization_codes WHERE code = \(code) AND provider = \(provider)
            RETURNING login, client_id, redirect_uri, scope, challenge, nonce, expires_at
            """
        ) { row in
            AuthorizationCode(
                login: try row.decode("login"), clientID: try row.decode("client_id"),
                redirectURI: try row.decode("redirect_uri"), scope: try row.decode("scope"),
                challenge: try row.decodeIfPresent("challenge"), nonce: try row.decodeIfPresent("nonce"),
                expiresAt: try row.decode("expires_at"))
        }
    }
}
