import Postgres
import SharedModels

extension Scope: PostgresValue {}

/// Statements on the table `api_keys`. ``CredentialStore`` and ``DeletionStore`` have statements on it too.
struct KeyStore: Sendable {
    static let columns: SQL = """
        id, account_id, prefix, display_prefix, name, hosted_agent_id, scopes, secret_sha256, created_at,
        expires_at, revoked_at, replaced_by, last_used_at
        """

    func insert(_ key: APIKey, in executor: some SQLExecutor) async throws {
        try await executor.execute(
            """
            INSERT INTO api_keys (id, account_id, prefix, display_prefix, name, hosted_agent_id, scopes,
                                  secret_sha256, created_at, expires_at)
            VALUES (\(key.id), \(key.accountID), \(key.prefix), \(key.displayPrefix), \(key.name),
                    \(key.hostedAgentID), \(key.scopes), \(key.sha256), \(key.createdAt), \(key.expiresAt))
            """)
    }

    /// Whether the agent exists and belongs to the account. Its row is protected against changes until the transaction
    /// ends.
    func hold(_ agent: HostedAgentID, of account: AccountID, in tx: Transaction) async throws -> Bool {
        try await tx.first(
            """
            SELECT id FROM hosted_agents
             WHERE id = \(agent) AND account_id = \(account) AND deleted_at IS NULL
               FOR SHARE
            """
        ) { try $0.decode("id", as: HostedAgentID.self) } != nil
    }

    /// The number of usable keys. The account must be locked.
    func countLive(of account: AccountID, at now: Timestamp, in tx: Transaction) async throws -> Int {
        try await tx.one(
            """
            SELECT count(*) AS count FROM api_keys
             WHERE account_id = \(account) AND revoked_at IS NULL
               AND (expires_at IS NULL OR expires_at > \(now))
            """
        ) { try $0.decode("count") }
    }

    /// An account's keys, including expired and revoked ones.
    func page(
        of account: AccountID, after cursor: PageCursor?, limit: Int, in executor: some SQLExecutor
    ) async throws -> Page<APIKey> {
        let before: SQL =
            cursor.map {
                "AND (created_at, id) < (\($0.moment), \($0.id))"
            } ?? .empty
        return try await executor.page(
            """
            SELECT \(fragment: Self.columns) FROM api_keys
             WHERE account_id = \(account) \(fragment: before)
             ORDER BY created_at DESC, id DESC
             LIMIT \(limit + 1)
            """, limit: limit, APIKey.init(row:)
        ) { PageCursor($0.createdAt, $0.id) }
    }

    func exists(_ id: APIKeyID, of account: AccountID, in executor: some SQLExecutor) async throws -> Bool {
        try await executor.first("SELECT id FROM api_keys WHERE id = \(id) AND account_id = \(account)") {
            try $0.decode("id", as: APIKeyID.self)
        } != nil
    }

    /// Reads a key of the account and locks its row.
    func lock(_ id: APIKeyID, of account: AccountID, in tx: Transaction) async throws -> APIKey? {
        try await tx.first(
            """
            SELECT \(fragment: Self.columns) FROM api_keys
             WHERE id = \(id) AND account_id = \(account)
               FOR UPDATE
            """,
            APIKey.init(row:))
    }

    func revoke(_ id: APIKeyID, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            "UPDATE api_keys SET revoked_at = \(now) WHERE id = \(id) AND revoked_at IS NULL")
    }

    /// Ends every key of an agent.
    ///
    /// - Returns: The SHA-256 of each that was valid.
    func revokeAll(of agent: HostedAgentID, at now: Timestamp, in tx: Transaction) async throws -> [[UInt8]] {
        try await tx.all(
            """
            UPDATE api_keys SET revoked_at = \(now)
             WHERE id IN (
                SELECT id FROM api_keys
                 WHERE hosted_agent_id = \(agent) AND revoked_at IS NULL
                 ORDER BY id FOR UPDATE)
            RETURNING secret_sha256
            """
        ) { try $0.decode("secret_sha256") }
    }

    /// Ends every key of an account.
    func revokeAll(of account: AccountID, at now: Timestamp, in tx: Transaction) async throws {
        // Locked in the same order as by the expiry warnings, so that the two never block each other.
        try await tx.execute(
            """
            UPDATE api_keys SET revoked_at = \(now)
             WHERE id IN (
                SELECT id FROM api_keys WHERE account_id = \(account) AND revoked_at IS NULL ORDER BY id FOR UPDATE)
            """)
    }

    /// Marks keys as announced that expire after `now` and by `moment`, and that were neither revoked nor replaced.
    ///
    /// Waits for transactions that are revoking or replacing one of them, and then checks it again.
    func takeEnding(
        by moment: Timestamp, limit: Int, at now: Timestamp, in tx: Transaction
    ) async throws -> [APIKey] {
        try await tx.all(
            """
            UPDATE api_keys SET warned_at = \(now)
             WHERE id IN (
                SELECT id FROM api_keys
                 WHERE expires_at > \(now) AND expires_at <= \(moment)
                   AND warned_at IS NULL AND revoked_at IS NULL AND replaced_by IS NULL
                 ORDER BY id LIMIT \(limit) FOR UPDATE)
            RETURNING \(fragment: Self.columns)
            """,
            APIKey.init(row:))
    }

    /// When the next key expires that was not announced yet; `nil` when there is no such key.
    func nextEnd(after now: Timestamp, in executor: some SQLExecutor) async throws -> Timestamp? {
        try await executor.first(
            """
            SELECT expires_at FROM api_keys
             WHERE expires_at > \(now) AND warned_at IS NULL AND revoked_at IS NULL AND replaced_by IS NULL
             ORDER BY expires_at LIMIT 1
            """
        ) { try $0.decode("expires_at") }
    }

    /// Lets a key live on until `end` at the latest, and records its successor.
    func replace(
        _ id: APIKeyID, by successor: APIKeyID, endingAt end: Timestamp, in tx: Transaction
    ) async throws {
        try await tx.execute(
            """
            UPDATE api_keys SET replaced_by = \(successor), expires_at = least(expires_at, \(end))
             WHERE id = \(id)
            """)
    }

    /// Records a use, unless one was recorded after `earlier`.
    func noteUse(
        of id: APIKeyID, at now: Timestamp, unlessAfter earlier: Timestamp, in executor: some SQLExecutor
    ) async throws {
        try await executor.execute(
            """
            UPDATE api_keys SET last_used_at = \(now)
             WHERE id = \(id) AND (last_used_at IS NULL OR last_used_at <= \(earlier))
            """)
    }
}

extension APIKey {
    fileprivate init(row: Row) throws {
        self.init(
            id: try row.decode("id"),
            accountID: try row.decode("account_id"),
            prefix: try row.decode("prefix"),
            displayPrefix: try row.decode("display_prefix"),
            name: try row.decodeIfPresent("name"),
            hostedAgentID: try row.decodeIfPresent("hosted_agent_id"),
            scopes: try row.decodeIfPresent("scopes", as: [Scope].self),
            sha256: try row.decode("secret_sha256"),
            createdAt: try row.decode("created_at"),
            expiresAt: try row.decodeIfPresent("expires_at"),
            revokedAt: try row.decodeIfPresent("revoked_at"),
            replacedBy: try row.decodeIfPresent("replaced_by"),
            lastUsedAt: try row.decodeIfPresent("last_used_at"))
    }
}
