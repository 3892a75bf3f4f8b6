import ServiceKit
import SharedModels

/// The session that a request to `/api/auth` carries, although the endpoint requires no credential.
struct ShownSession: Sendable {
    /// The value of the cookie `refreshToken`.
    var refreshToken: String?
    var accessToken: String?
    /// The value of the session cookie.
    var cookie: String?

    /// The credentials besides the refresh token.
    var credentials: [CredentialInput] {
        [(CredentialSource.token, accessToken), (.cookie, cookie)].compactMap { source, text in
            text.map { CredentialInput(source: source, secret: $0, unspent: 0) }
        }
    }
}

/// A session that is still valid, and its owner.
struct LiveSession: Sendable, Equatable {
    let id: SessionID
    let accountID: AccountID
}

extension ShownSession {
    /// - Throws: 403 when a page of another site made the request with these cookies.
    init(_ call: Call, cookies: SessionCookies, origins: OriginRule) throws {
        refreshToken = call.cookie(SessionCookies.refreshName)
        cookie = call.sessionText(cookies.session)
        if refreshToken != nil || cookie != nil { try origins.check(call) }
        let bearer = Authorization.bearer(call.header("Authorization"))
        // A key is not a session, and asking about it would charge its account's plan.
        accessToken = bearer.flatMap { APIKeyFormat.read($0) == .somethingElse ? $0 : nil }
    }
}
