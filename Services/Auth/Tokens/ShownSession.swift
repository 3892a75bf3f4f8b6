import ServiceKit
import SharedModels

/// What a request to `/api/auth`, which asks for no credential, shows of a session all the same.
struct ShownSession: Sendable {
    /// Of the cookie `refreshToken`.
    var refreshToken: String?
    var accessToken: String?
    /// Of the session cookie.
    var cookie: String?

    /// What auth is asked about other than the refresh token.
    var credentials: [CredentialInput] {
        [(CredentialSource.token, accessToken), (.cookie, cookie)].compactMap { source, text in
            text.map { CredentialInput(source: source, secret: $0, unspent: 0) }
        }
    }
}

/// A session that has not ended, and whose it is.
struct LiveSession: Sendable, Equatable {
    let id: SessionID
    let accountID: AccountID
}

extension ShownSession {
    /// - Throws: 403 when the cookies were sent along by a page of another site.
    init(_ call: Call, cookies: SessionCookies, origins: OriginRule) throws {
        refreshToken = call.cookie(SessionCookies.refreshName)
        cookie = call.sessionText(cookies.session)
        if refreshToken != nil || cookie != nil { try origins.check(call) }
        let bearer = Authorization.bearer(call.header("Authorization"))
        // A key is no session; asking about it would charge its account's plan.
        accessToken = bearer.flatMap { APIKeyFormat.read($0) == .somethingElse ? $0 : nil }
    }
}
