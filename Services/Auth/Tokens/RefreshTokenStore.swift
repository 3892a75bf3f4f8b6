import Postgres
import ServiceKit
import SharedModels

/// Every statement on the table `refresh_tokens`, and those on sessions that such tokens need.
struct RefreshTokenStore: Sendable {
    /// Begins a session with its first token.
    func begin(_ session: TokenSession, with digest: [UInt8], at now: Timestamp, in tx: Transaction)
        async throws
    {
        let end = now + RefreshToken.lifetime
        try await tx.execute(
            """
            INSERT INTO sessions (id, account_id, refresh_key, created_at, expires_at)
            VALUES (\(session.id), \(session.accountID), \(session.refreshKey), \(now), \(end))
            """)
        try await insert(digest, of: session.id, until: end, in: tx)
    }

    /// The session that a token is or was of; its row is locked, so that two refreshes cannot decide on one
    /// state.
    func lockSession(of digest: [UInt8], in tx: Transaction) async throws -> TokenSession? {
        try await tx.first(
            """
            SELECT id, account_id, refresh_key FROM sessions
             WHERE id = (SELECT session_id FROM refresh_tokens WHERE sha256 = \(digest))
               FOR UPDATE
            """
        ) { row in
            TokenSession(
                id: try row.decode("id"), accountID: try row.decode("account_id"),
                refreshKey: try row.decode("refresh_key"))
        }
    }

    func find(_ digest: [UInt8], in database: some SQLExecutor) async throws -> RefreshToken? {
        try await database.first(
            "SELECT sha256, expires_at, rotated_at FROM refresh_tokens WHERE sha256 = \(digest)"
        ) {
            RefreshToken(
                sha256: try $0.decode("sha256"), expiresAt: try $0.decode("expires_at"),
                rotatedAt: try $0.decodeIfPresent("rotated_at"))
        }
    }

    /// Whose session a token is or was of, while it has not expired.
    func session(of digest: [UInt8], at now: Timestamp, in database: some SQLExecutor) async throws
        -> LiveSession?
    {
        try await database.first(
            """
            SELECT s.id, s.account_id
              FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id
             WHERE t.sha256 = \(digest) AND t.expires_at > \(now)
            """
        ) { LiveSession(id: try $0.decode("id"), accountID: try $0.decode("account_id")) }
    }

    /// Puts `next` in the place of `token`, lengthens the session, and drops what nobody could use again.
    func rotate(
        _ token: RefreshToken, to next: [UInt8], of session: SessionID, at now: Timestamp, in tx: Transaction
    ) async throws {
        let end = now + RefreshToken.lifetime
        try await tx.execute(
            "DELETE FROM refresh_tokens WHERE session_id = \(session) AND expires_at <= \(now)")
        try await tx.execute("UPDATE refresh_tokens SET rotated_at = \(now) WHERE sha256 = \(token.sha256)")
        try await insert(next, of: session, until: end, in: tx)
        try await tx.execute("UPDATE sessions SET expires_at = \(end) WHERE id = \(session)")
    }

    private func insert(_ digest: [UInt8], of session: SessionID, until end: Timestamp, in tx: Transaction)
        async throws
    {
        try await tx.execute(
            """
            INSERT INTO refresh_tokens (sha256, session_id, expires_at)
            VALUES (\(digest), \(session), \(end))
            """)
    }
}
