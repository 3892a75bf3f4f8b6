import Postgres
import SharedModels

/// Every statement on the tables `oauth_families`, `oauth_access_tokens` and `oauth_refresh_tokens`, but for that which
/// looks a credential up (``CredentialStore``).
///
/// Each insertion deletes some rows that have ended, so that they do not pile up.
struct OAuthTokenStore: Sendable {
    /// How many outdated rows one insertion deletes: more than it adds.
    private static let sweep = 10
    static let columns: SQL = "sha256, client_id, account_id, family_id, scopes, created_at, expires_at"

    /// Which tokens end.
    enum Part: Sendable {
        case token(sha256: [UInt8])
        case family(OAuthFamilyID)
        case grant(OAuthGrantID)
        case client(OAuthClientID)
        case clients([OAuthClientID])

        fileprivate var condition: SQL {
            switch self {
            case .token(let sha256): "sha256 = \(sha256)"
            case .family(let id): "family_id = \(id)"
            case .grant(let id): "family_id IN (SELECT id FROM oauth_families WHERE grant_id = \(id))"
            case .client(let id): "client_id = \(id)"
            case .clients(let ids): "client_id = ANY(\(ids))"
            }
        }
    }

    /// Has every service forget these access tokens when `tx` commits. The caller deletes them.
    func announceEnd(_ part: Part, in tx: Transaction) async throws {
        _ = try await tx.rows(
            """
            SELECT count(pg_notify(\(RevocationStore.channel),
                                   '{"credential_sha256":"' || encode(sha256, 'hex') || '"}'))
              FROM oauth_access_tokens WHERE \(fragment: part.condition)
            """)
    }

    // MARK: - Families

    /// Adds a family, and ends those that have not begun for longest beyond ``OAuthLimits/familiesPerGrant``.
    func insert(_ family: OAuthFamily, until end: Timestamp, at now: Timestamp, in tx: Transaction) async throws {
        let surplus: [OAuthFamilyID] = try await tx.all(
            """
            SELECT id FROM oauth_families WHERE grant_id = \(family.grantID)
             ORDER BY id DESC OFFSET \(OAuthLimits.familiesPerGrant - 1)
            """
        ) { try $0.decode("id") }
        for id in surplus { try await endFamily(id, in: tx) }
        try await tx.execute(
            """
            WITH outdated AS (
                DELETE FROM oauth_families WHERE id IN (
                    SELECT id FROM oauth_families WHERE expires_at <= \(now)
                     LIMIT \(Self.sweep) FOR UPDATE SKIP LOCKED)
            )
            INSERT INTO oauth_families (id, grant_id, scopes, refresh_key, expires_at)
            VALUES (\(family.id), \(family.grantID), \(family.scopes), \(family.refreshKey), \(end))
            """)
    }

    func lockFamily(_ id: OAuthFamilyID, in tx: Transaction) async throws -> OAuthFamily? {
        try await tx.first(
            "SELECT id, grant_id, scopes, refresh_key FROM oauth_families WHERE id = \(id) FOR UPDATE",
            OAuthFamily.init(row:))
    }

    /// Ends a family in every service.
    func endFamily(_ id: OAuthFamilyID, in tx: Transaction) async throws {
        try await announceEnd(.family(id), in: tx)
        try await tx.execute("DELETE FROM oauth_families WHERE id = \(id)")
    }

    // MARK: - Access tokens

    /// Adds a token, and ends the oldest of its family, or of its client's own, beyond the limit.
    func insert(_ token: OAuthAccessToken, at now: Timestamp, in tx: Transaction) async throws {
        let siblings: SQL =
            token.familyID.map { "family_id = \($0)" } ?? "client_id = \(token.clientID) AND family_id IS NULL"
        let limit = token.familyID == nil ? OAuthLimits.tokensPerClient : OAuthLimits.tokensPerFamily
        let surplus: [[UInt8]] = try await tx.all(
            """
            SELECT sha256 FROM oauth_access_tokens WHERE \(fragment: siblings)
             ORDER BY created_at DESC, sha256 OFFSET \(limit - 1)
            """
        ) { try $0.decode("sha256") }
        for sha256 in surplus { try await endToken(sha256, in: tx) }
        try await tx.execute(
            """
            WITH outdated AS (
                DELETE FROM oauth_access_tokens WHERE sha256 IN (
                    SELECT sha256 FROM oauth_access_tokens WHERE expires_at <= \(now)
                     LIMIT \(Self.sweep) FOR UPDATE SKIP LOCKED)
            )
            INSERT INTO oauth_access_tokens (sha256, client_id, account_id, family_id, scopes, created_at, expires_at)
            VALUES (\(token.sha256), \(token.clientID), \(token.accountID), \(token.familyID), \(token.scopes),
                    \(token.createdAt), \(token.expiresAt))
            """)
    }

    func findToken(_ sha256: [UInt8], in executor: some SQLExecutor) async throws -> OAuthAccessToken? {
        try await executor.first(
            "SELECT \(fragment: Self.columns) FROM oauth_access_tokens WHERE sha256 = \(sha256)",
            OAuthAccessToken.init(row:))
    }

    /// Ends one access token in every service.
    func endToken(_ sha256: [UInt8], in tx: Transaction) async throws {
        try await announceEnd(.token(sha256: sha256), in: tx)
        try await tx.execute("DELETE FROM oauth_access_tokens WHERE sha256 = \(sha256)")
    }

    /// Ends what acts for an account or comes from one of its clients.
    func endTokens(of account: AccountID, and clients: [OAuthClientID], in tx: Transaction) async throws {
        try await announceEnd(.clients(clients), in: tx)
        try await tx.execute(
            "DELETE FROM oauth_grants WHERE account_id = \(account) OR client_id = ANY(\(clients))")
        try await tx.execute(
            "DELETE FROM oauth_access_tokens WHERE account_id = \(account) OR client_id = ANY(\(clients))")
    }

    // MARK: - Refresh tokens

    func insertRefresh(
        _ digest: [UInt8], of family: OAuthFamilyID, at now: Timestamp, in tx: Transaction
    ) async throws {
        let end = now + OAuthLimits.refreshToken
        try await tx.execute(
            """
            INSERT INTO oauth_refresh_tokens (sha256, family_id, created_at, expires_at)
            VALUES (\(digest), \(family), \(now), \(end))
            """)
    }

    func findRefresh(_ digest: [UInt8], in executor: some SQLExecutor) async throws -> RefreshToken? {
        try await executor.first(
            "SELECT sha256, expires_at, rotated_at FROM oauth_refresh_tokens WHERE sha256 = \(digest)"
        ) {
            RefreshToken(
                sha256: try $0.decode("sha256"), expiresAt: try $0.decode("expires_at"),
                rotatedAt: try $0.decodeIfPresent("rotated_at"))
        }
    }

    /// Replaces `digest` with `next`, lets the family live on, and deletes tokens that can never be used again.
    func rotate(
        _ digest: [UInt8], to next: [UInt8], of family: OAuthFamilyID, at now: Timestamp, in tx: Transaction
    ) async throws {
        try await tx.execute(
            "DELETE FROM oauth_refresh_tokens WHERE family_id = \(family) AND expires_at <= \(now)")
        try await tx.execute("UPDATE oauth_refresh_tokens SET rotated_at = \(now) WHERE sha256 = \(digest)")
        try await insertRefresh(next, of: family, at: now, in: tx)
        try await tx.execute(
            "UPDATE oauth_families SET expires_at = \(now + OAuthLimits.refreshToken) WHERE id = \(family)")
    }

    /// A refresh token that is still good, with what it stands for.
    func describeRefresh(
        _ digest: [UInt8], at now: Timestamp, in executor: some SQLExecutor
    ) async throws -> OAuthAccessToken? {
        try await executor.first(
            """
            SELECT r.sha256, g.client_id, g.account_id, r.family_id, f.scopes, r.created_at, r.expires_at
              FROM oauth_refresh_tokens r JOIN oauth_families f ON f.id = r.family_id
                   JOIN oauth_grants g ON g.id = f.grant_id
             WHERE r.sha256 = \(digest) AND r.expires_at > \(now) AND r.rotated_at IS NULL
            """, OAuthAccessToken.init(row:))
    }

    /// Whose a refresh token is, and of which family.
    func findOwner(
        ofRefresh digest: [UInt8], in executor: some SQLExecutor
    ) async throws -> (owner: OAuthOwner, family: OAuthFamilyID)? {
        try await executor.first(
            """
            SELECT g.account_id, g.client_id, f.id
              FROM oauth_refresh_tokens r JOIN oauth_families f ON f.id = r.family_id
                   JOIN oauth_grants g ON g.id = f.grant_id
             WHERE r.sha256 = \(digest)
            """
        ) {
            let owner = OAuthOwner(accountID: try $0.decode("account_id"), clientID: try $0.decode("client_id"))
            return (owner, try $0.decode("id"))
        }
    }
}

extension OAuthFamily {
    fileprivate init(row: Row) throws {
        self.init(
            id: try row.decode("id"), grantID: try row.decode("grant_id"), scopes: try row.decode("scopes"),
            refreshKey: try row.decode("refresh_key"))
    }
}

extension OAuthAccessToken {
    fileprivate init(row: Row) throws {
        self.init(
            sha256: try row.decode("sha256"), clientID: try row.decode("client_id"),
            accountID: try row.decode("account_id"), familyID: try row.decodeIfPresent("family_id"),
            scopes: try row.decode("scopes"), createdAt: try row.decode("created_at"),
            expiresAt: try row.decode("expires_at"))
    }
}
