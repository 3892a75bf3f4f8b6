import Postgres
import ServiceKit
import SharedModels

/// Looking at tokens and ending them: by their client (RFC 7009, RFC 7662), and by the person who let it in.
struct OAuthTokenEnd: Sendable {
    let database: Database
    let clock: any DomainClock
    let accounts: AccountStore
    let clients: OAuthClientStore
    let grants: OAuthGrantStore
    let tokens: OAuthTokenStore
    let door: OAuthClientDoor
    /// Where clients reach us.
    let issuer: String

    /// Ends an access token, or a refresh token with its family, in every service. One that is not known, or has ended,
    /// is as good as ended.
    ///
    /// - Throws: ``OAuthTokenError``
    func revoke(_ form: FormFields, authorization: String?, from place: Place) async throws {
        let text = try form.require("token")
        let client = try await door.admit(try ClientProof(form, authorization: authorization), from: place)
        let digest = APIKeyFormat.sha256(text)
        if let token = try await tokens.findToken(digest, in: database) {
            guard token.clientID == client.id else { throw OAuthTokenError.notTheirs }
            try await database.transaction { try await tokens.endToken(digest, in: $0) }
        } else if let (owner, family) = try await tokens.findOwner(ofRefresh: digest, in: database) {
            guard owner.clientID == client.id else { throw OAuthTokenError.notTheirs }
            try await database.transaction { tx in
                // Giving a token locks the account first, so no token is missed.
                guard try await accounts.lock(owner.accountID, in: tx) != nil else { return }
                try await tokens.endFamily(family, in: tx)
            }
        }
    }

    /// What a token stands for, told to the clients of the account whose client has it.
    ///
    /// - Throws: ``OAuthTokenError``
    func introspect(
        _ form: FormFields, authorization: String?, from place: Place
    ) async throws -> OAuthIntrospectionView {
        let text = try form.require("token")
        let client = try await door.admit(try ClientProof(form, authorization: authorization), from: place)
        guard !client.isPublic else {
            throw OAuthTokenError.invalidClient("Only a client with a secret asks about tokens")
        }
        let (now, digest) = (clock.now, APIKeyFormat.sha256(text))
        let access = try await tokens.findToken(digest, in: database).flatMap { now < $0.expiresAt ? $0 : nil }
        let refresh = access == nil ? try await tokens.describeRefresh(digest, at: now, in: database) : nil
        guard let token = access ?? refresh,
            try await clients.find(token.clientID, in: database)?.accountID == client.accountID,
            try await accounts.find(token.accountID, in: database)?.status == .active
        else { return .inactive }
        return OAuthIntrospectionView(
            scope: token.scopes.text, clientID: token.clientID, tokenType: access == nil ? nil : "Bearer",
            exp: token.expiresAt.seconds, iat: token.createdAt.seconds, sub: token.accountID, iss: issuer)
    }

    // MARK: - By the person

    func page(of account: AccountID, after cursor: PageCursor?, limit: Int) async throws -> Page<OAuthGrant> {
        try await grants.page(of: account, after: cursor, limit: limit, at: clock.now, in: database)
    }

    /// Ends everything that a client may do for an account, in every service.
    ///
    /// - Throws: ``OAuthClientError/grantNotFound``
    func withdraw(_ id: OAuthGrantID, of account: AccountID) async throws {
        try await database.transaction { tx in
            guard try await accounts.lock(account, in: tx) != nil,
                try await grants.lock(id, of: account, in: tx)
            else { throw OAuthClientError.grantNotFound }
            try await tokens.announceEnd(.grant(id), in: tx)
            try await grants.delete(id, in: tx)
        }
    }

    /// Ends what acts for an account, and what its clients were given. The account must be locked; the caller announces
    /// its revocation.
    func endAll(of account: AccountID, in tx: Transaction) async throws {
        try await tokens.endTokens(of: account, and: clients.lockAll(of: account, in: tx), in: tx)
    }

    /// The same, and the clients too. For an account that is deleted.
    func removeAll(of account: AccountID, in tx: Transaction) async throws {
        let ids = try await clients.lockAll(of: account, in: tx)
        try await tokens.endTokens(of: account, and: ids, in: tx)
        for id in ids { try await clients.delete(id, in: tx) }
    }
}

extension OAuthTokenError {
    /// RFC 7009, section 2.1.
    static let notTheirs = Self.invalidGrant("The token was given to another client")
}
