import Postgres
import ServiceKit
import SharedModels

/// The statements on the table `channels`. Events and deliveries read it too.
struct ChannelStore: Sendable {
    static let columns: SQL = """
        id, owner_id, channel_type, chat_id, webhook_url, address, enabled_events, confirmed_at, code_round, code_until,
        code_guesses, disabled_at, version, created_at
        """

    /// Allows one addition per account at a time; otherwise two could exceed the limit together.
    func lockList(of owner: AccountID, in tx: Transaction) async throws {
        try await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(\("channels:\(owner)"), 0))")
    }

    func count(of owner: AccountID, in executor: some SQLExecutor) async throws -> Int {
        try await executor.one("SELECT count(*) AS count FROM channels WHERE owner_id = \(owner)") {
            Int(try $0.decode("count", as: Int64.self))
        }
    }

    func insert(_ channel: Channel, in tx: Transaction) async throws {
        let config = channel.target.config
        try await tx.execute(
            """
            INSERT INTO channels
                (id, owner_id, channel_type, chat_id, webhook_url, address, enabled_events, confirmed_at, version,
                 created_at, updated_at)
            VALUES (\(channel.id), \(channel.ownerID), \(channel.target.type), \(config.chatID),
                    \(config.webhookURL), \(config.address), \(channel.enabledEvents), \(channel.confirmedAt),
                    \(channel.version), \(channel.createdAt), \(channel.createdAt))
            """
        )
    }

    func page(
        of owner: AccountID, after cursor: PageCursor?, limit: Int, in executor: some SQLExecutor
    ) async throws -> Page<Channel> {
        let cursor = cursor ?? .newest
        return try await executor.page(
            """
            SELECT \(fragment: Self.columns) FROM channels
             WHERE owner_id = \(owner) AND (created_at, id) < (\(cursor.moment), \(cursor.id))
             ORDER BY created_at DESC, id DESC LIMIT \(limit + 1)
            """, limit: limit, Channel.init(row:)
        ) { PageCursor($0.createdAt, $0.id) }
    }

    /// The lines of all channels of `owner` that get messages.
    func activeLines(of owner: AccountID, in executor: some SQLExecutor) async throws -> [LineID] {
        try await executor.all(
            "SELECT id FROM channels WHERE owner_id = \(owner) AND confirmed_at IS NOT NULL AND disabled_at IS NULL"
        ) { try $0.decode("id") }
    }

    /// All but what never changes.
    func save(_ channel: Channel, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE channels
               SET confirmed_at = \(channel.confirmedAt), code_round = \(channel.code.round),
                   code_until = \(channel.code.until), code_guesses = \(channel.code.guesses),
                   disabled_at = \(channel.disabledAt), version = \(channel.version), updated_at = \(now)
             WHERE id = \(channel.id)
            """
        )
    }

    /// Notes that an address is sent a code.
    ///
    /// - Returns: `false` when it got enough of them in the last day.
    func noteCode(to target: [UInt8], atMost limit: Int, at now: Timestamp, in tx: Transaction) async throws -> Bool {
        try await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(encode(\(target), 'hex'), 1))")
        return try await tx.execute(
            """
            INSERT INTO code_sendings (target, at)
            SELECT \(target), \(now)
             WHERE (SELECT count(*) FROM code_sendings WHERE target = \(target) AND at > \(now - .hours(24))) < \(Int64(limit))
            """
        ) == 1
    }

    func pruneCodes(before moment: Timestamp, limit: Int, in tx: Transaction) async throws -> Int {
        try await tx.execute(
            """
            DELETE FROM code_sendings
             WHERE ctid = ANY (ARRAY(SELECT ctid FROM code_sendings WHERE at < \(moment) ORDER BY at LIMIT \(limit)))
            """
        )
    }

    /// Disables channels.
    ///
    /// - Returns: Those that were not before.
    func disable(_ ids: [ChannelID], at now: Timestamp, in tx: Transaction) async throws -> [Channel] {
        try await tx.all(
            """
            UPDATE channels SET disabled_at = \(now), version = version + 1, updated_at = \(now)
             WHERE id = ANY(\(ids)) AND disabled_at IS NULL
            RETURNING \(fragment: Self.columns)
            """,
            Channel.init(row:)
        )
    }

    /// Follows a Telegram group that has another number now.
    func move(_ id: ChannelID, toChat chatID: String, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE channels SET chat_id = \(chatID), version = version + 1, updated_at = \(now)
             WHERE id = \(id) AND channel_type = \(ChannelType.telegram)
            """
        )
    }

    func lock(_ id: ChannelID, of owner: AccountID, in tx: Transaction) async throws -> Channel? {
        try await tx.first(
            "SELECT \(fragment: Self.columns) FROM channels WHERE id = \(id) AND owner_id = \(owner) FOR UPDATE",
            Channel.init(row:)
        )
    }

    func exists(_ id: ChannelID, in executor: some SQLExecutor) async throws -> Bool {
        try await executor.one("SELECT EXISTS (SELECT FROM channels WHERE id = \(id)) AS is_there") {
            try $0.decode("is_there")
        }
    }

    func delete(_ id: ChannelID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM channels WHERE id = \(id)")
    }

    /// - Returns: Those that there were.
    func deleteAll(of owner: AccountID, in tx: Transaction) async throws -> [LineID] {
        try await tx.all("DELETE FROM channels WHERE owner_id = \(owner) RETURNING id") { try $0.decode("id") }
    }
}

extension Channel {
    fileprivate init(row: Row) throws {
        self.init(
            id: try row.decode("id"), ownerID: try row.decode("owner_id"), target: try ChannelTarget(row: row),
            enabledEvents: try row.decode("enabled_events"), confirmedAt: try row.decode("confirmed_at"),
            disabledAt: try row.decode("disabled_at"),
            code: CodeState(
                round: try row.decode("code_round"), until: try row.decode("code_until"),
                guesses: try row.decode("code_guesses")),
            version: try row.decode("version"), createdAt: try row.decode("created_at"))
    }
}

extension ChannelTarget {
    /// From `channel_type` and the three columns of the config.
    init(row: Row) throws {
        let config = ChannelConfig(
            chatID: try row.decode("chat_id"), webhookURL: try row.decode("webhook_url"),
            address: try row.decode("address"))
        guard let target = Self(try row.decode("channel_type"), config) else {
            throw PostgresError.decoding(column: "channel_type", reason: "does not fit the config")
        }
        self = target
    }
}

extension ChannelType: PostgresValue {}
