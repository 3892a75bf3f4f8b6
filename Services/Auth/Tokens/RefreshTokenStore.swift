import Postgres
import ServiceKit
import SharedModels

/// Every statement on the table `refresh_tokens`, and the statements on sessions that these tokens need.
struct RefreshTokenStore: Sendable {
    static let columns: SQL = "sha256, expires_at, rotated_at"

    /// Begins a session with its first token.
    func insert(_ session: TokenSession, with digest: [UInt8], at now: Timestamp, in tx: Transaction)
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

    /// The session that a token belongs or belonged to. Its row is locked, so that two refreshes cannot decide on the
    /// same state.
    func lockSession(of digest: [UInt8], in tx: Transaction) async throws -> TokenSession? {
        try await tx.first(
            """
            SELECT id, account_id, refresh_key FROM sessions
             WHERE id = (SELECT session_id FROM refresh_tokens WHERE sha256 = \(digest))
               FOR UPDATE
            """, TokenSession.init(row:))
    }

    func find(_ digest: [UInt8], in executor: some SQLExecutor) async throws -> RefreshToken? {
        try await executor.first(
            "SELECT \(fragment: Self.columns) FROM refresh_tokens WHERE sha256 = \(digest)", RefreshToken.init(row:))
    }

    /// The owner of the session that a token belongs or belonged to, unless the token has expired.
    func findSession(
        of digest: [UInt8], at now: Timestamp, in executor: some SQLExecutor
    ) async throws -> LiveSession? {
        try await executor.first(
            """
            SELECT s.id, s.account_id
              FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id
             WHERE t.sha256 = \(digest) AND t.expires_at > \(now)
            """
        ) { LiveSession(id: try $0.decode("id"), accountID: try $0.decode("account_id")) }
    }

    /// Replaces `token` with `next`, extends the session, and deletes tokens that can never be used again.
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

extension RefreshToken {
    fileprivate init(row: Row) throws {
        self.init(
            sha256: try row.decode("sha256"), expiresAt: try row.decode("expires_at"),
            rotatedAt: try row.decodeIfPresent("rotated_at"))
    }
}

extension TokenSession {
    fileprivate init(row: Row) throws {
        self.init(
            id: try row.decode("id"), accountID: try row.decode("account_id"),
            refreshKey: try row.decode("refresh_key"))
    }
}
