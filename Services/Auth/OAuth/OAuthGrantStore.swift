import Postgres
import SharedModels

/// That an account has let a client in, and what for.
struct OAuthGrant: Sendable, Equatable {
    let id: OAuthGrantID
    let clientID: OAuthClientID
    let clientName: String
    let clientURI: String?
    let scopes: [Scope]
    let createdAt: Timestamp
    let expiresAt: Timestamp

    var view: OAuthGrantView {
        OAuthGrantView(
            id: id, clientID: clientID, clientName: clientName, clientURI: clientURI, scopes: scopes,
            createdAt: createdAt, expiresAt: expiresAt)
    }
}

/// Every statement on the tables `oauth_grants` and `oauth_codes`. ``OAuthTokenStore`` has one on grants too.
struct OAuthGrantStore: Sendable {
    private static let sweep = 10
    static let codeColumns: SQL = """
        sha256, grant_id, redirect_uri, challenge, scopes, expires_at, used_at, family_id
        """

    /// The grant of an account to a client. Adds it if need be, and locks it.
    func open(
        _ client: OAuthClientID, by account: AccountID, at now: Timestamp, in tx: Transaction
    ) async throws -> OAuthGrantID {
        try await tx.one(
            """
            INSERT INTO oauth_grants (id, account_id, client_id, created_at)
            VALUES (\(OAuthGrantID.make(at: now)), \(account), \(client), \(now))
            ON CONFLICT (account_id, client_id) DO UPDATE SET created_at = oauth_grants.created_at
            RETURNING id
            """
        ) { try $0.decode("id") }
    }

    /// The clients that an account has let in and that can still use it.
    func page(
        of account: AccountID, after cursor: PageCursor?, limit: Int, at now: Timestamp, in executor: some SQLExecutor
    ) async throws -> Page<OAuthGrant> {
        let before: SQL = cursor.map { "AND (g.created_at, g.id) < (\($0.moment), \($0.id))" } ?? .empty
        return try await executor.page(
            """
            SELECT g.id, g.client_id, c.name, c.uri, f.scopes, g.created_at, f.expires_at
              FROM oauth_grants g JOIN oauth_clients c ON c.id = g.client_id
                   CROSS JOIN LATERAL (
                     SELECT array_agg(DISTINCT scope) AS scopes, max(expires_at) AS expires_at
                       FROM oauth_families, unnest(oauth_families.scopes) AS scope
                      WHERE grant_id = g.id AND expires_at > \(now)) f
             WHERE g.account_id = \(account) AND f.scopes IS NOT NULL \(fragment: before)
             ORDER BY g.created_at DESC, g.id DESC
             LIMIT \(limit + 1)
            """, limit: limit, OAuthGrant.init(row:)
        ) { PageCursor($0.createdAt, $0.id) }
    }

    func lock(_ id: OAuthGrantID, of account: AccountID, in tx: Transaction) async throws -> Bool {
        try await tx.first("SELECT id FROM oauth_grants WHERE id = \(id) AND account_id = \(account) FOR UPDATE") { _ in
            true
        } ?? false
    }

    /// Removes a grant with its codes and tokens.
    func delete(_ id: OAuthGrantID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM oauth_grants WHERE id = \(id)")
    }

    // MARK: - Codes

    /// Adds a code, removes those of the grant beyond ``OAuthLimits/familiesPerGrant``, and some that have ended.
    func insert(_ code: AuthorizationCode, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            """
            DELETE FROM oauth_codes WHERE sha256 IN (
                SELECT sha256 FROM oauth_codes WHERE grant_id = \(code.grantID) AND used_at IS NULL
                 ORDER BY expires_at DESC OFFSET \(OAuthLimits.familiesPerGrant - 1))
            """)
        try await tx.execute(
            """
            WITH outdated AS (
                DELETE FROM oauth_codes WHERE sha256 IN (
                    SELECT sha256 FROM oauth_codes WHERE expires_at <= \(now)
                     LIMIT \(Self.sweep) FOR UPDATE SKIP LOCKED)
            )
            INSERT INTO oauth_codes (sha256, grant_id, redirect_uri, challenge, scopes, expires_at)
            VALUES (\(code.sha256), \(code.grantID), \(code.redirectURI), \(code.challenge), \(code.scopes),
                    \(code.expiresAt))
            """)
    }

    func findOwner(ofCode digest: [UInt8], in executor: some SQLExecutor) async throws -> OAuthOwner? {
        try await executor.first(
            """
            SELECT g.account_id, g.client_id FROM oauth_codes c JOIN oauth_grants g ON g.id = c.grant_id
             WHERE c.sha256 = \(digest)
            """
        ) { OAuthOwner(accountID: try $0.decode("account_id"), clientID: try $0.decode("client_id")) }
    }

    func lockCode(_ digest: [UInt8], in tx: Transaction) async throws -> AuthorizationCode? {
        try await tx.first(
            "SELECT \(fragment: Self.codeColumns) FROM oauth_codes WHERE sha256 = \(digest) FOR UPDATE",
            AuthorizationCode.init(row:))
    }

    func markUsed(_ digest: [UInt8], by family: OAuthFamilyID, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            "UPDATE oauth_codes SET used_at = \(now), family_id = \(family) WHERE sha256 = \(digest)")
    }
}

extension OAuthGrant {
    fileprivate init(row: Row) throws {
        let scopes: [Scope] = try row.decode("scopes")
        self.init(
            id: try row.decode("id"), clientID: try row.decode("client_id"), clientName: try row.decode("name"),
            clientURI: try row.decodeIfPresent("uri"), scopes: Scope.allCases.filter(scopes.contains),
            createdAt: try row.decode("created_at"), expiresAt: try row.decode("expires_at"))
    }
}

extension AuthorizationCode {
    fileprivate init(row: Row) throws {
        self.init(
            sha256: try row.decode("sha256"), grantID: try row.decode("grant_id"),
            redirectURI: try row.decodeIfPresent("redirect_uri"), challenge: try row.decode("challenge"),
            scopes: try row.decode("scopes"), expiresAt: try row.decode("expires_at"),
            usedAt: try row.decodeIfPresent("used_at"), familyID: try row.decodeIfPresent("family_id"))
    }
}
