import Postgres
import ServiceKit
import SharedModels

/// Every statement on the table `channels`, but for the engine's.
struct ChannelStore: Sendable {
    func count(of owner: AccountID, in tx: Transaction) async throws -> Int {
        // One addition of an account at a time, or two could pass the limit together.
        try await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(\("channels:\(owner)"), 0))")
        return try await tx.one("SELECT count(*) AS count FROM channels WHERE owner_id = \(owner)") {
            Int(try $0.decode("count", as: Int64.self))
        }
    }

    func insert(_ channel: Channel, in tx: Transaction) async throws {
        let config = channel.target.config
        try await tx.execute(
            """
            INSERT INTO channels
                (id, owner_id, channel_type, chat_id, webhook_url, address, enabled_events, version, created_at, updated_at)
            VALUES (\(channel.id), \(channel.ownerID), \(channel.target.type.rawValue), \(config.chatID),
                    \(config.webhookURL), \(config.address), \(channel.enabledEvents.map(\.rawValue)),
                    \(channel.version), \(channel.createdAt), \(channel.createdAt))
            """
        )
    }

    /// Newest first, one more than `limit` when there are more.
    func list(
        of owner: AccountID, limit: Int, after cursor: PageCursor?, in executor: some SQLExecutor
    ) async throws -> [Channel] {
        let rest: SQL = cursor.map { "AND (created_at, id) < (\($0.moment), \($0.id))" } ?? .empty
        return try await executor.all(
            """
            SELECT id, owner_id, channel_type, chat_id, webhook_url, address, enabled_events, version, created_at
              FROM channels
             WHERE owner_id = \(owner) \(fragment: rest)
             ORDER BY created_at DESC, id DESC
             LIMIT \(limit + 1)
            """,
            Channel.init(row:)
        )
    }

    /// The version of an account's channel, with its row locked.
    func lock(_ id: ChannelID, of owner: AccountID, in tx: Transaction) async throws -> Int64? {
        try await tx.first(
            "SELECT version FROM channels WHERE id = \(id) AND owner_id = \(owner) FOR UPDATE"
        ) { try $0.decode("version") }
    }

    func delete(_ id: ChannelID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM channels WHERE id = \(id)")
    }

    func deleteAll(of owner: AccountID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM channels WHERE owner_id = \(owner)")
    }
}

extension Channel {
    fileprivate init(row: Row) throws {
        self.init(
            id: try row.decode("id"), ownerID: try row.decode("owner_id"), target: try ChannelTarget(row: row),
            enabledEvents: try row.decode("enabled_events", as: [String].self).compactMap(EventName.init),
            version: try row.decode("version"), createdAt: try row.decode("created_at"))
    }
}

extension ChannelTarget {
    /// From `channel_type` and the three columns of the config.
    init(row: Row) throws {
        let config = ChannelConfig(
            chatID: try row.decode("chat_id"), webhookURL: try row.decode("webhook_url"),
            address: try row.decode("address"))
        guard let type = ChannelType(rawValue: try row.decode("channel_type")), let target = Self(type, config) else {
            throw PostgresError.decoding(column: "channel_type", reason: "does not fit the config")
        }
        self = target
    }
}
