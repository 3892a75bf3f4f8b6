import Postgres
import ServiceKit
import SharedModels

/// Every statement on the table `sign_ins`, and the statements on `sessions` except those for looking credentials up
/// (``CredentialStore``) and refreshing (``RefreshTokenStore``).
struct SessionStore: Sendable {
    /// Adds a sign-in and deletes those that have expired.
    func insert(_ signIn: SignIn, at now: Timestamp, in executor: some SQLExecutor) async throws {
        try await executor.execute(
            """
            WITH outdated AS (DELETE FROM sign_ins WHERE expires_at <= \(now))
            INSERT INTO sign_ins (state_sha256, browser_sha256, provider, code_verifier, return_to, expires_at,
                                  user_type, session_id)
            VALUES (\(signIn.stateDigest), \(signIn.browserDigest), \(signIn.provider), \(signIn.proofKey.verifier),
                    \(signIn.returnTo), \(signIn.expiresAt), \(signIn.userType), \(signIn.linking?.id))
            """)
    }

    /// Removes a sign-in, so that nobody can use it twice, even if the sign-in fails now.
    func take(stateDigest: [UInt8], in executor: some SQLExecutor) async throws -> SignIn? {
        try await executor.first(
            """
            DELETE FROM sign_ins WHERE state_sha256 = \(stateDigest)
            RETURNING state_sha256, browser_sha256, provider, code_verifier, return_to, expires_at, user_type,
                      session_id, (SELECT account_id FROM sessions WHERE sessions.id = session_id) AS account_id
            """, SignIn.init(row:))
    }

    func isLive(_ id: SessionID, at now: Timestamp, in executor: some SQLExecutor) async throws -> Bool {
        try await executor.first("SELECT id FROM sessions WHERE id = \(id) AND expires_at > \(now)") {
            try $0.decode("id", as: SessionID.self)
        } != nil
    }

    func insert(_ session: Session, in tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO sessions (id, account_id, secret_sha256, created_at, expires_at)
            VALUES (\(session.id), \(session.accountID), \(session.sha256), \(session.createdAt),
                    \(session.expiresAt))
            """)
    }

    /// Makes room for one more session: deletes the account's expired ones, and beyond ``Session/limit`` ends those that
    /// have not been used for longest, as far as that is known: a refresh token's use is, a cookie's is not. The account
    /// must be locked.
    ///
    /// - Returns: The revocations to announce to the services.
    func makeRoom(of account: AccountID, at now: Timestamp, in tx: Transaction) async throws -> [Revocation] {
        try await tx.execute("DELETE FROM sessions WHERE account_id = \(account) AND expires_at <= \(now)")
        return try await tx.all(
            """
            DELETE FROM sessions
             WHERE id IN (
                SELECT id FROM sessions WHERE account_id = \(account)
                 ORDER BY CASE WHEN refresh_key IS NULL THEN created_at
                               ELSE expires_at - (\(now + RefreshToken.lifetime)::timestamptz - \(now)::timestamptz)
                          END DESC, id DESC
                OFFSET \(Session.limit - 1))
            RETURNING account_id, secret_sha256
            """, Revocation.init(row:))
    }

    /// - Returns: The revocation to announce to the services; `nil` when the session does not exist any more.
    func delete(_ id: SessionID, in tx: Transaction) async throws -> Revocation? {
        try await tx.first(
            "DELETE FROM sessions WHERE id = \(id) RETURNING account_id, secret_sha256", Revocation.init(row:))
    }

    /// - Parameter spared: A session that goes on.
    func deleteAll(of account: AccountID, except spared: SessionID? = nil, in tx: Transaction) async throws {
        try await tx.execute(
            "DELETE FROM sessions WHERE account_id = \(account) AND id IS DISTINCT FROM \(spared)")
    }
}

extension SignIn {
    fileprivate init(row: Row) throws {
        self.init(
            stateDigest: try row.decode("state_sha256"), browserDigest: try row.decode("browser_sha256"),
            provider: try row.decode("provider"), proofKey: ProofKey(verifier: try row.decode("code_verifier")),
            returnTo: try row.decode("return_to"), expiresAt: try row.decode("expires_at"),
            userType: try row.decode("user_type"))
        if let session: SessionID = try row.decodeIfPresent("session_id") {
            linking = LiveSession(id: session, accountID: try row.decode("account_id"))
        }
    }
}

extension Revocation {
    /// The services do not know which access tokens belong to a session, so the whole account is announced.
    fileprivate init(row: Row) throws {
        let digest = try row.decodeIfPresent("secret_sha256", as: [UInt8].self)
        self = try digest.map { .credential(sha256: $0) } ?? .account(row.decode("account_id"))
    }
}
