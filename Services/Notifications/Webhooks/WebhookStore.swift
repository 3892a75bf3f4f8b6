import Postgres
import ServiceKit
import SharedModels

/// The statements on the table `webhooks`. Events and deliveries read it too.
struct WebhookStore: Sendable {
    static let columns: SQL = """
        id, owner_id, url, events, retry_policy, disabled_at, version, created_at
        """

    /// Allows one registration per account at a time; otherwise two could exceed the limit together.
    func lockList(of owner: AccountID, in tx: Transaction) async throws {
        try await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(\("webhooks:\(owner)"), 0))")
    }

    func count(of owner: AccountID, in executor: some SQLExecutor) async throws -> Int {
        try await executor.one("SELECT count(*) AS count FROM webhooks WHERE owner_id = \(owner)") {
            Int(try $0.decode("count", as: Int64.self))
        }
    }

    func insert(_ webhook: Webhook, sealedSecret: [UInt8], in tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO webhooks (id, owner_id, url, events, retry_policy, sealed_secret, version, created_at, updated_at)
            VALUES (\(webhook.id), \(webhook.ownerID), \(webhook.url), \(webhook.events), \(webhook.retryPolicy),
                    \(sealedSecret), \(webhook.version), \(webhook.createdAt), \(webhook.createdAt))
            """
        )
    }

    func page(
        of owner: AccountID, after cursor: PageCursor?, limit: Int, in executor: some SQLExecutor
    ) async throws -> Page<Webhook> {
        let cursor = cursor ?? .newest
        let rows = try await executor.all(
            """
            SELECT \(fragment: Self.columns) FROM webhooks
             WHERE owner_id = \(owner) AND (created_at, id) < (\(cursor.moment), \(cursor.id))
             ORDER BY created_at DESC, id DESC LIMIT \(limit + 1)
            """,
            Webhook.init(row:)
        )
        return Page(rows, limit: limit) { PageCursor($0.createdAt, $0.id) }
    }

    func lock(_ id: WebhookID, of owner: AccountID, in tx: Transaction) async throws -> Webhook? {
        try await tx.first(
            "SELECT \(fragment: Self.columns) FROM webhooks WHERE id = \(id) AND owner_id = \(owner) FOR UPDATE",
            Webhook.init(row:)
        )
    }

    /// Stops all deliveries to the webhook.
    func disable(_ id: WebhookID, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE webhooks SET disabled_at = \(now), version = version + 1, updated_at = \(now)
             WHERE id = \(id) AND disabled_at IS NULL
            """
        )
    }

    func delete(_ id: WebhookID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM webhooks WHERE id = \(id)")
    }

    func deleteAll(of owner: AccountID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM webhooks WHERE owner_id = \(owner)")
    }
}

extension Webhook {
    fileprivate init(row: Row) throws {
        self.init(
            id: try row.decode("id"), ownerID: try row.decode("owner_id"), url: try row.decode("url"),
            events: try row.decode("events"), retryPolicy: try row.decode("retry_policy"),
            disabledAt: try row.decode("disabled_at"), version: try row.decode("version"),
            createdAt: try row.decode("created_at"))
    }
}

extension RetryPolicy: PostgresValue {}
extension EventName: PostgresValue {}
