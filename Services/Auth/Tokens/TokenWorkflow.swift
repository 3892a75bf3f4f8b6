import Logging
import Postgres
import ServiceKit
import SharedModels

/// Sessions that use an access token and a refresh token.
struct TokenWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let accounts: AccountStore
    let sessions: SessionStore
    let refreshTokens: RefreshTokenStore
    let revocations: RevocationStore
    let tokens: AccessTokens
    let judge: CredentialWorkflow
    let logger: Logger

    /// A session, and the refresh token to hand out.
    struct Turn: Sendable {
        let session: SessionID
        let refreshToken: String
    }

    /// Begins a session. The account must be locked.
    func begin(for account: Account, at now: Timestamp, in tx: Transaction) async throws -> Turn {
        let (session, text) = (TokenSession.make(for: account.id, at: now), RandomText.make())
        for ended in try await sessions.makeRoom(of: account.id, at: now, in: tx) {
            try await revocations.announce(ended, in: tx)
        }
        try await refreshTokens.insert(session, with: APIKeyFormat.sha256(text), at: now, in: tx)
        return Turn(session: session.id, refreshToken: text)
    }

    func pair(_ turn: Turn, of account: Account, at now: Timestamp) async throws -> TokenPair {
        TokenPair(
            accessToken: try await tokens.token(for: account, session: turn.session, at: now),
            refreshToken: turn.refreshToken)
    }

    /// Replaces a refresh token. Parallel refreshes get the family's latest token. A later repeat ends the session,
    /// because somebody else must have the token as well.
    ///
    /// - Throws: ``RefreshTokenError/refused``, ``AccountError/blocked``.
    func refresh(_ text: String?) async throws -> TokenPair {
        guard let text else { throw RefreshTokenError.refused }
        let now = clock.now
        let digest = APIKeyFormat.sha256(text)
        let renewed: (account: Account, turn: Turn)? = try await database.transaction { tx in
            guard
                let session = try await refreshTokens.lockSession(of: digest, in: tx),
                let token = try await refreshTokens.find(digest, in: tx), let use = token.use(at: now),
                let account = try await accounts.find(session.accountID, in: tx)
            else { return nil }
            try account.checkMaySignIn()
            var next = session.successor(of: text)
            switch use {
            case .first:
                try await refreshTokens.rotate(
                    token, to: APIKeyFormat.sha256(next), of: session.id, at: now, in: tx)
            case .parallel:
                // At most the tokens that were rotated within the grace period.
                while try await refreshTokens.find(APIKeyFormat.sha256(next), in: tx)?.rotatedAt != nil {
                    next = session.successor(of: next)
                }
            case .reuse:
                try await end(session.id, in: tx)
                logger.warning(
                    "a refresh token was used again; its session is ended",
                    metadata: ["session": "\(session.id)"])
                return nil
            }
            return (account, Turn(session: session.id, refreshToken: next))
        }
        guard let renewed else { throw RefreshTokenError.refused }
        return try await pair(renewed.turn, of: renewed.account, at: now)
    }

    /// Ends the session of the presented tokens in every service. Without tokens nothing happens: a session that uses a
    /// cookie is ended at `/api/session`.
    func signOut(_ shown: ShownSession) async throws {
        let tokens = ShownSession(refreshToken: shown.refreshToken, accessToken: shown.accessToken)
        guard let session = try await session(shownBy: tokens) else { return }
        try await database.transaction { try await end(session.id, in: $0) }
    }

    /// - Returns: `nil` when nothing that was presented is valid.
    func session(shownBy shown: ShownSession) async throws -> LiveSession? {
        if let text = shown.refreshToken,
            let session = try await refreshTokens.findSession(
                of: APIKeyFormat.sha256(text), at: clock.now, in: database)
        {
            return session
        }
        for credential in shown.credentials {
            if let principal = try await judge.resolve(credential).principal, let id = principal.sessionID {
                return LiveSession(id: id, accountID: principal.accountID)
            }
        }
        return nil
    }

    private func end(_ id: SessionID, in tx: Transaction) async throws {
        guard let revocation = try await sessions.delete(id, in: tx) else { return }
        try await revocations.announce(revocation, in: tx)
    }
}
