import Crypto
import ServiceKit
import SharedModels

/// Lifetimes and limits of what clients are given.
enum OAuthLimits {
    /// As RFC 9700 advises, short: who takes it away from the client has it no longer than this.
    static let accessToken = Duration.hours(1)
    /// Counted from its last use.
    static let refreshToken = Duration.days(30)
    /// Platform contract, section 2.
    static let code = Duration.minutes(10)
    /// Sign-ins of one person at one client at once: one for each of their devices. One more ends the oldest.
    static let familiesPerGrant = 20
    /// Access tokens of one family at once. Parallel refreshes of one device give a few.
    static let tokensPerFamily = 10
    /// A client's own tokens at once, for as many processes. One more ends the oldest.
    static let tokensPerClient = 1000
}

/// All tokens that came of one code.
struct OAuthFamily: Sendable, Equatable {
    let id: OAuthFamilyID
    let grantID: OAuthGrantID
    let scopes: [Scope]
    /// 32 bytes. The successor of a refresh token is derived from them and the token.
    let refreshKey: [UInt8]

    static func make(of grant: OAuthGrantID, _ scopes: [Scope], at now: Timestamp) -> Self {
        let key = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        return Self(id: .make(at: now), grantID: grant, scopes: scopes, refreshKey: key)
    }

    /// The refresh token after `text`. It is always the same, so that parallel refreshes do not split the family.
    func successor(of text: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: refreshKey))
        return OAuthTokenFormat.refreshToken.text(Array(code))
    }
}

/// An access token as it is stored, without its text.
struct OAuthAccessToken: Sendable, Equatable {
    let sha256: [UInt8]
    let clientID: OAuthClientID
    /// Whom it acts for.
    let accountID: AccountID
    /// `nil`: the client acts for the account that registered it.
    let familyID: OAuthFamilyID?
    let scopes: [Scope]
    let createdAt: Timestamp
    let expiresAt: Timestamp

    static func make(
        for client: OAuthClientID, _ account: AccountID, _ family: OAuthFamilyID?, _ scopes: [Scope],
        at now: Timestamp
    ) -> (token: OAuthAccessToken, text: String) {
        let text = OAuthTokenFormat.accessToken.make()
        let token = OAuthAccessToken(
            sha256: APIKeyFormat.sha256(text), clientID: client, accountID: account, familyID: family, scopes: scopes,
            createdAt: now, expiresAt: now + OAuthLimits.accessToken)
        return (token, text)
    }
}

/// A code as it is stored, without its text.
struct AuthorizationCode: Sendable, Equatable {
    let sha256: [UInt8]
    let grantID: OAuthGrantID
    /// As it was asked for; `nil` when the client left it out.
    let redirectURI: String?
    let challenge: String
    let scopes: [Scope]
    let expiresAt: Timestamp
    var usedAt: Timestamp?
    var familyID: OAuthFamilyID?

    /// Whether the client that shows `verifier` asked for it (RFC 7636, section 4.6).
    func isProven(by verifier: String) -> Bool {
        (43...128).contains(verifier.utf8.count)
            && verifier.utf8.allSatisfy { $0.isASCIIAlphanumeric || "-._~".utf8.contains($0) }
            && constantTimeEqual(ProofKey(verifier: verifier).challenge.utf8, challenge.utf8)
    }

    /// Whether the token request names the same place as the authorization request did (RFC 6749, section 4.1.3).
    func wasSent(to uri: String?) -> Bool {
        guard let redirectURI else { return true }
        return uri.map { $0.isSpelled(redirectURI) } ?? false
    }
}

/// Whose a code or a refresh token is. None of it ever changes.
struct OAuthOwner: Sendable, Equatable {
    let accountID: AccountID
    let clientID: OAuthClientID
}
