import Postgres
import SharedModels

extension OAuthGrantType: PostgresValue {}
extension OAuthClientAuthentication: PostgresValue {}

/// Every statement on the table `oauth_clients`.
struct OAuthClientStore: Sendable {
    static let columns: SQL = """
        id, account_id, name, uri, redirect_uris, grant_types, authentication, scopes, secret_sha256, created_at
        """

    func insert(_ client: OAuthClient, in tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO oauth_clients (id, account_id, name, uri, redirect_uris, grant_types, authentication, scopes,
                                       secret_sha256, created_at)
            VALUES (\(client.id), \(client.accountID), \(client.name), \(client.uri), \(client.redirectURIs),
                    \(client.grantTypes), \(client.authentication), \(client.scopes), \(client.sha256),
                    \(client.createdAt))
            """)
    }

    func count(of account: AccountID, in executor: some SQLExecutor) async throws -> Int {
        try await executor.one("SELECT count(*) AS total FROM oauth_clients WHERE account_id = \(account)") {
            try $0.decode("total")
        }
    }

    func find(_ id: OAuthClientID, in executor: some SQLExecutor) async throws -> OAuthClient? {
        try await executor.first(
            "SELECT \(fragment: Self.columns) FROM oauth_clients WHERE id = \(id)", OAuthClient.init(row:))
    }

    func find(
        _ id: OAuthClientID, of account: AccountID, in executor: some SQLExecutor
    ) async throws -> OAuthClient? {
        try await executor.first(
            """
            SELECT \(fragment: Self.columns) FROM oauth_clients WHERE id = \(id) AND account_id = \(account)
            """, OAuthClient.init(row:))
    }

    /// Keeps a client from being removed (`FOR KEY SHARE`) until the transaction ends.
    func hold(_ id: OAuthClientID, in tx: Transaction) async throws -> OAuthClient? {
        try await tx.first(
            "SELECT \(fragment: Self.columns) FROM oauth_clients WHERE id = \(id) FOR KEY SHARE", OAuthClient.init(row:)
        )
    }

    func lock(_ id: OAuthClientID, of account: AccountID, in tx: Transaction) async throws -> OAuthClient? {
        try await tx.first(
            """
            SELECT \(fragment: Self.columns) FROM oauth_clients WHERE id = \(id) AND account_id = \(account) FOR UPDATE
            """, OAuthClient.init(row:))
    }

    /// Locks all of an account's clients, so that none gets a token meanwhile.
    func lockAll(of account: AccountID, in tx: Transaction) async throws -> [OAuthClientID] {
        try await tx.all("SELECT id FROM oauth_clients WHERE account_id = \(account) ORDER BY id FOR UPDATE") {
            try $0.decode("id")
        }
    }

    func page(
        of account: AccountID, after cursor: PageCursor?, limit: Int, in executor: some SQLExecutor
    ) async throws -> Page<OAuthClient> {
        let before: SQL = cursor.map { "AND (created_at, id) < (\($0.moment), \($0.id))" } ?? .empty
        return try await executor.page(
            """
            SELECT \(fragment: Self.columns) FROM oauth_clients
             WHERE account_id = \(account) \(fragment: before)
             ORDER BY created_at DESC, id DESC
             LIMIT \(limit + 1)
            """, limit: limit, OAuthClient.init(row:)
        ) { PageCursor($0.createdAt, $0.id) }
    }

    /// Removes a client with everything that it was given.
    func delete(_ id: OAuthClientID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM oauth_clients WHERE id = \(id)")
    }
}

extension OAuthClient {
    fileprivate init(row: Row) throws {
        self.init(
            id: try row.decode("id"), accountID: try row.decode("account_id"), name: try row.decode("name"),
            uri: try row.decodeIfPresent("uri"), redirectURIs: try row.decode("redirect_uris"),
            grantTypes: try row.decode("grant_types"), authentication: try row.decode("authentication"),
            scopes: try row.decode("scopes"), sha256: try row.decodeIfPresent("secret_sha256"),
            createdAt: try row.decode("created_at"))
    }
}
