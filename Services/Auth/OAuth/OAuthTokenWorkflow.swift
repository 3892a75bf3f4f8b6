import Logging
import Postgres
import ServiceKit
import SharedModels

/// Gives clients tokens (RFC 6749, sections 4 to 6).
///
/// Each step that gives something locks the account that it acts for, then keeps the client from being removed.
/// Blocking, deleting and withdrawing lock in the same order, so nothing is given behind their back.
struct OAuthTokenWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let accounts: AccountStore
    let clients: OAuthClientStore
    let grants: OAuthGrantStore
    let tokens: OAuthTokenStore
    let door: OAuthClientDoor
    let logger: Logger

    /// What became of a request that may end tokens although it is refused: the end has to be committed.
    private enum Outcome: Sendable {
        case given(OAuthTokenView)
        case refused(OAuthTokenError)
    }

    /// - Throws: ``OAuthTokenError``
    func token(_ form: FormFields, authorization: String?, from place: Place) async throws -> OAuthTokenView {
        guard let grantType = OAuthGrantType(rawValue: try form.require("grant_type")) else {
            throw OAuthTokenError.unsupportedGrantType
        }
        let client = try await door.admit(try ClientProof(form, authorization: authorization), from: place)
        guard client.grantTypes.contains(grantType) else {
            throw OAuthTokenError.unauthorizedClient("The client is not registered for \(grantType.rawValue)")
        }
        return switch grantType {
        case .authorizationCode: try await exchange(form, client, from: place)
        case .refreshToken: try await refresh(form, client, from: place)
        case .clientCredentials: try await actForItself(form, client)
        }
    }

    // MARK: - Codes

    private func exchange(_ form: FormFields, _ client: OAuthClient, from place: Place) async throws -> OAuthTokenView {
        let (code, verifier) = (try form.require("code"), try form.require("code_verifier"))
        let digest = APIKeyFormat.sha256(code)
        guard OAuthTokenFormat.code.matches(code),
            let owner = try await grants.findOwner(ofCode: digest, in: database)
        else {
            try await door.count(guessOf: client, from: place)
            throw OAuthTokenError.badCode
        }
        guard owner.clientID == client.id else { throw OAuthTokenError.badCode }
        return try await decide(for: owner, client) { now, tx in
            guard let stored = try await grants.lockCode(digest, in: tx) else { return .refused(.badCode) }
            // Also when its time is over: somebody else has it.
            if stored.usedAt != nil {
                if let family = stored.familyID { try await tokens.endFamily(family, in: tx) }
                logger.warning(
                    "an authorization code was used again; what it gave is ended",
                    metadata: ["client": "\(client.id)", "account": "\(owner.accountID)"])
                return .refused(.badCode)
            }
            guard now < stored.expiresAt else { return .refused(.badCode) }
            guard stored.wasSent(to: form["redirect_uri"]) else {
                return .refused(.invalidGrant("redirect_uri is not the one that the code was sent to"))
            }
            guard stored.isProven(by: verifier) else {
                return .refused(.invalidGrant("code_verifier does not fit the code_challenge"))
            }
            return .given(try await begin(stored, owner, client, at: now, in: tx))
        }
    }

    private func begin(
        _ code: AuthorizationCode, _ owner: OAuthOwner, _ client: OAuthClient, at now: Timestamp, in tx: Transaction
    ) async throws -> OAuthTokenView {
        let family = OAuthFamily.make(of: code.grantID, code.scopes, at: now)
        let mayRefresh = client.grantTypes.contains(.refreshToken)
        let end = now + (mayRefresh ? OAuthLimits.refreshToken : OAuthLimits.accessToken)
        try await tokens.insert(family, until: end, at: now, in: tx)
        try await grants.markUsed(code.sha256, by: family.id, at: now, in: tx)
        let refresh = mayRefresh ? OAuthTokenFormat.refreshToken.make() : nil
        if let refresh {
            try await tokens.insertRefresh(APIKeyFormat.sha256(refresh), of: family.id, at: now, in: tx)
        }
        return try await give(owner, family.id, code.scopes, refresh: refresh, at: now, in: tx)
    }

    // MARK: - Refresh tokens

    /// Replaces a refresh token. Parallel refreshes get the family's latest one. A later repeat ends the family,
    /// because somebody else must have the token as well.
    private func refresh(_ form: FormFields, _ client: OAuthClient, from place: Place) async throws -> OAuthTokenView {
        let text = try form.require("refresh_token")
        let digest = APIKeyFormat.sha256(text)
        guard OAuthTokenFormat.refreshToken.matches(text),
            let (owner, id) = try await tokens.findOwner(ofRefresh: digest, in: database)
        else {
            try await door.count(guessOf: client, from: place)
            throw OAuthTokenError.badRefreshToken
        }
        guard owner.clientID == client.id else { throw OAuthTokenError.badRefreshToken }
        return try await decide(for: owner, client) { now, tx in
            guard let family = try await tokens.lockFamily(id, in: tx),
                let token = try await tokens.findRefresh(digest, in: tx), let use = token.use(at: now)
            else { return .refused(.badRefreshToken) }
            if use == .reuse {
                try await tokens.endFamily(id, in: tx)
                logger.warning(
                    "an OAuth refresh token was used again; its family is ended",
                    metadata: ["client": "\(client.id)", "account": "\(owner.accountID)"])
                return .refused(.badRefreshToken)
            }
            var scopes = family.scopes
            if let asked = form["scope"] {
                scopes = try Scope.reading(asked, within: family.scopes, of: "was allowed")
            }
            var next = family.successor(of: text)
            if use == .first {
                try await tokens.rotate(digest, to: APIKeyFormat.sha256(next), of: id, at: now, in: tx)
            } else {
                // In parallel with others: at most the tokens that were rotated within the grace period.
                while try await tokens.findRefresh(APIKeyFormat.sha256(next), in: tx)?.rotatedAt != nil {
                    next = family.successor(of: next)
                }
            }
            return .given(try await give(owner, id, scopes, refresh: next, at: now, in: tx))
        }
    }

    // MARK: - A client's own

    private func actForItself(_ form: FormFields, _ client: OAuthClient) async throws -> OAuthTokenView {
        let scopes = try client.scopes(for: form["scope"])
        let owner = OAuthOwner(accountID: client.accountID, clientID: client.id)
        return try await decide(for: owner, client) { now, tx in
            .given(try await give(owner, nil, scopes, refresh: nil, at: now, in: tx))
        }
    }

    // MARK: - Together

    private func decide(
        for owner: OAuthOwner, _ client: OAuthClient, _ body: (Timestamp, Transaction) async throws -> Outcome
    ) async throws -> OAuthTokenView {
        let now = clock.now
        let outcome: Outcome = try await database.transaction { tx in
            do {
                try await accounts.lockActive(owner.accountID, in: tx)
            } catch let error as AccountError {
                return .refused(.invalidGrant(error == .blocked ? "The account is blocked" : "The account has ended"))
            }
            guard try await clients.hold(client.id, in: tx) != nil,
                let registrant = try await accounts.find(client.accountID, in: tx), registrant.status == .active
            else { return .refused(.invalidClient("There is no such client")) }
            guard registrant.mayHaveClients else {
                return .refused(.unauthorizedClient("The account of the client is not an enterprise account any more"))
            }
            return try await body(now, tx)
        }
        switch outcome {
        case .given(let view): return view
        case .refused(let error): throw error
        }
    }

    private func give(
        _ owner: OAuthOwner, _ family: OAuthFamilyID?, _ scopes: [Scope], refresh: String?, at now: Timestamp,
        in tx: Transaction
    ) async throws -> OAuthTokenView {
        let made = OAuthAccessToken.make(for: owner.clientID, owner.accountID, family, scopes, at: now)
        try await tokens.insert(made.token, at: now, in: tx)
        return OAuthTokenView(
            accessToken: made.text, expiresIn: OAuthLimits.accessToken.components.seconds, refreshToken: refresh,
            scope: scopes.text)
    }
}

extension OAuthTokenError {
    /// Missing, used, too old, made up, or another client's: who guesses learns nothing.
    static let badCode = Self.invalidGrant("The code is not valid: it was used, has expired, or is another client's")
    static let badRefreshToken = Self.invalidGrant(
        "The refresh token is not valid: it was replaced, withdrawn or has expired, or is another client's")
}
