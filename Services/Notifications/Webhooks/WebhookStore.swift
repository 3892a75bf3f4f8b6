import Postgres
import ServiceKit
import SharedModels

/// Every statement on the table `webhooks`, but for the engine's.
struct WebhookStore: Sendable {
    func count(of owner: AccountID, in tx: Transaction) async throws -> Int {
        // One registration of an account at a time, or two could pass the limit together.
        try await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(\("webhooks:\(owner)"), 0))")
        return try await tx.one("SELECT count(*) AS count FROM webhooks WHERE owner_id = \(owner)") {
            Int(try $0.decode("count", as: Int64.self))
        }
    }

    func insert(_ webhook: Webhook, sealedSecret: [UInt8], in tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO webhooks (id, owner_id, url, events, retry_policy, sealed_secret, version, created_at, updated_at)
            VALUES (\(webhook.id), \(webhook.ownerID), \(webhook.url), \(webhook.events.map(\.rawValue)),
                    \(webhook.retryPolicy.rawValue), \(sealedSecret), \(webhook.version), \(webhook.createdAt),
                    \(webhook.createdAt))
            """
        )
    }

    /// Newest first, one more than `limit` when there are more.
    func list(
        of owner: AccountID, limit: Int, after cursor: PageCursor?, in executor: some SQLExecutor
    ) async throws -> [Webhook] {
        let rest: SQL = cursor.map { "AND (created_at, id) < (\($0.moment), \($0.id))" } ?? .empty
        return try await executor.all(
            """
            SELECT id, owner_id, url, events, retry_policy, disabled_at, version, created_at
              FROM webhooks
             WHERE owner_id = \(owner) \(fragment: rest)
             ORDER BY created_at DESC, id DESC
             LIMIT \(limit + 1)
            """,
            Webhook.init(row:)
        )
    }

    /// The version of an account's webhook, with its row locked.
    func lock(_ id: WebhookID, of owner: AccountID, in tx: Transaction) async throws -> Int64? {
        try await tx.first(
            "SELECT version FROM webhooks WHERE id = \(id) AND owner_id = \(owner) FOR UPDATE"
        ) { try $0.decode("version") }
    }

    func delete(_ id: WebhookID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM webhooks WHERE id = \(id)")
    }

    func deleteAll(of owner: AccountID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM webhooks WHERE owner_id = \(owner)")
    }
}

extension RetryPolicy: PostgresValue {}

extension Webhook {
    fileprivate init(row: Row) throws {
        self.init(
            id: try row.decode("id"), ownerID: try row.decode("owner_id"), url: try row.decode("url"),
            events: try row.decode("events", as: [String].self).compactMap(EventName.init),
            retryPolicy: try row.decode("retry_policy"),
            disabledAt: try row.decode("disabled_at"), version: try row.decode("version"),
            createdAt: try row.decode("created_at"))
    }
}
