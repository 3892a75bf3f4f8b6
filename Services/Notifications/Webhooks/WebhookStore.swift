import Postgres
import ServiceKit
import SharedModels

/// The statements on the table `webhooks`. Events and deliveries read it too.
struct WebhookStore: Sendable {
    static let columns: SQL = """
        id, owner_id, url, events, retry_policy, format, disabled_at, ending, version, created_at
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
            INSERT INTO webhooks
                (id, owner_id, url, events, retry_policy, format, sealed_secret, version, created_at, updated_at)
            VALUES (\(webhook.id), \(webhook.ownerID), \(webhook.url), \(webhook.events), \(webhook.retryPolicy),
                    \(webhook.format), \(sealedSecret), \(webhook.version), \(webhook.createdAt), \(webhook.createdAt))
            """
        )
    }

    func page(
        of owner: AccountID, after cursor: PageCursor?, limit: Int, in executor: some SQLExecutor
    ) async throws -> Page<Webhook> {
        let cursor = cursor ?? .newest
        return try await executor.page(
            """
            SELECT \(fragment: Self.columns) FROM webhooks
             WHERE owner_id = \(owner) AND (created_at, id) < (\(cursor.moment), \(cursor.id))
             ORDER BY created_at DESC, id DESC LIMIT \(limit + 1)
            """, limit: limit, Webhook.init(row:)
        ) { PageCursor($0.createdAt, $0.id) }
    }

    func find(_ id: WebhookID, of owner: AccountID, in executor: some SQLExecutor) async throws -> Webhook? {
        try await executor.first(
            "SELECT \(fragment: Self.columns) FROM webhooks WHERE id = \(id) AND owner_id = \(owner)",
            Webhook.init(row:)
        )
    }

    func lock(_ id: WebhookID, of owner: AccountID, in tx: Transaction) async throws -> Webhook? {
        try await tx.first(
            "SELECT \(fragment: Self.columns) FROM webhooks WHERE id = \(id) AND owner_id = \(owner) FOR UPDATE",
            Webhook.init(row:)
        )
    }

    func save(_ webhook: Webhook, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE webhooks
               SET url = \(webhook.url), events = \(webhook.events), retry_policy = \(webhook.retryPolicy),
                   disabled_at = \(webhook.disabledAt), ending = \(webhook.ending), version = \(webhook.version),
                   failing_since = CASE WHEN disabled_at IS NULL AND url = \(webhook.url) THEN failing_since END,
                   updated_at = \(now)
             WHERE id = \(webhook.id)
            """
        )
    }

    /// Gives the webhook another secret. The present one signs beside it until `formerUntil`.
    func rotate(
        _ webhook: Webhook, sealedSecret: [UInt8], formerUntil: Timestamp, at now: Timestamp, in tx: Transaction
    ) async throws {
        try await tx.execute(
            """
            UPDATE webhooks
               SET former_secret = sealed_secret, former_until = \(formerUntil), sealed_secret = \(sealedSecret),
                   version = \(webhook.version), updated_at = \(now)
             WHERE id = \(webhook.id)
            """
        )
    }

    /// Subscribes webhooks to nothing more that still have these URLs.
    ///
    /// - Returns: Those that were enabled before.
    func disable(
        _ urls: [WebhookID: String], because ending: WebhookEnding, at now: Timestamp, in tx: Transaction
    ) async throws -> [Webhook] {
        let (ids, addresses) = (urls.map(\.key), urls.map(\.value))
        return try await tx.all(
            """
            UPDATE webhooks
               SET disabled_at = \(now), ending = \(ending), version = version + 1, updated_at = \(now)
             WHERE id = ANY(\(ids)) AND disabled_at IS NULL
               AND url = (\(addresses))[array_position(\(ids), id)]
            RETURNING \(fragment: Self.columns)
            """,
            Webhook.init(row:)
        )
    }

    /// Remembers which webhooks took a delivery, and since when others have not.
    ///
    /// - Returns: Those that have failed since before `limit`, and their URLs.
    func note(
        taken: [WebhookID], failed: [WebhookID], failingBefore limit: Timestamp, at now: Timestamp, in tx: Transaction
    ) async throws -> [WebhookID: String] {
        if !taken.isEmpty {
            try await tx.execute(
                "UPDATE webhooks SET failing_since = NULL WHERE id = ANY(\(taken)) AND failing_since IS NOT NULL")
        }
        guard !failed.isEmpty else { return [:] }
        try await tx.execute(
            "UPDATE webhooks SET failing_since = \(now) WHERE id = ANY(\(failed)) AND failing_since IS NULL")
        let failing: [(WebhookID, String)] = try await tx.all(
            """
            SELECT id, url FROM webhooks
             WHERE id = ANY(\(failed)) AND disabled_at IS NULL AND failing_since <= \(limit)
            """
        ) { (try $0.decode("id"), try $0.decode("url")) }
        return Dictionary(uniqueKeysWithValues: failing)
    }

    func delete(_ id: WebhookID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM webhooks WHERE id = \(id)")
    }

    /// - Returns: Those that there were.
    func deleteAll(of owner: AccountID, in tx: Transaction) async throws -> [LineID] {
        try await tx.all("DELETE FROM webhooks WHERE owner_id = \(owner) RETURNING id") { try $0.decode("id") }
    }
}

extension Webhook {
    fileprivate init(row: Row) throws {
        self.init(
            id: try row.decode("id"), ownerID: try row.decode("owner_id"), url: try row.decode("url"),
            events: try row.decode("events"), retryPolicy: try row.decode("retry_policy"),
            format: try row.decode("format"), disabledAt: try row.decode("disabled_at"),
            ending: try row.decodeIfPresent("ending"),
            version: try row.decode("version"),
            createdAt: try row.decode("created_at"))
    }
}

extension RetryPolicy: PostgresValue {}
extension WebhookEnding: PostgresValue {}
extension WebhookFormat: PostgresValue {}
extension EventName: PostgresValue {}
