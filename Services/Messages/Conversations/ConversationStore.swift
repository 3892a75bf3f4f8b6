import Postgres
import SharedModels

/// The statements on the tables `conversations` and `participants`.
struct ConversationStore: Sendable {
    static let columns: SQL =
        """
        c.id, c.first_id, c.second_id, c.started_by, c.match_id, c.client_id, c.last_position, c.first_sent, c.turn_by,
        c.turn_since, c.created_at,
        c.updated_at AS conversation_updated_at
        """

    /// Adds a conversation with both participants, unless the pair has one.
    func insertIfAbsent(_ conversation: Conversation, in tx: Transaction) async throws -> Bool {
        let pair = conversation.pair
        let added = try await tx.execute(
            """
            INSERT INTO conversations (id, first_id, second_id, started_by, match_id, created_at, updated_at)
            VALUES (\(conversation.id), \(pair.first), \(pair.second), \(conversation.startedBy),
                    \(conversation.matchID), \(conversation.createdAt), \(conversation.updatedAt))
            ON CONFLICT ON CONSTRAINT one_per_pair DO NOTHING
            """)
        guard added == 1 else { return false }
        try await tx.execute(
            """
            INSERT INTO participants (conversation_id, account_id, other_id, updated_at)
            VALUES (\(conversation.id), \(pair.first), \(pair.second), \(conversation.updatedAt)),
                   (\(conversation.id), \(pair.second), \(pair.first), \(conversation.updatedAt))
            """)
        return true
    }

    func find(_ pair: Pair, in executor: some SQLExecutor) async throws -> Conversation? {
        try await executor.first(
            """
            SELECT \(fragment: Self.columns) FROM conversations c
             WHERE c.first_id = \(pair.first) AND c.second_id = \(pair.second)
            """, Conversation.init(row:))
    }

    /// Rows that refer to the conversation, such as a reader's, can be added meanwhile.
    func lock(_ pair: Pair, in tx: Transaction) async throws -> Conversation? {
        try await tx.first(
            """
            SELECT \(fragment: Self.columns) FROM conversations c
             WHERE c.first_id = \(pair.first) AND c.second_id = \(pair.second) FOR NO KEY UPDATE
            """, Conversation.init(row:))
    }

    /// What `account` has to do with a conversation; `nil` when it does not take part.
    func standing(
        of account: AccountID, in id: ConversationID, in executor: some SQLExecutor
    ) async throws -> Standing? {
        try await executor.first(
            """
            SELECT \(fragment: Self.columns), p.unread, coalesce(o.read_position, 0) AS other_read
              FROM participants p
              JOIN conversations c ON c.id = p.conversation_id
              LEFT JOIN participants o ON o.conversation_id = p.conversation_id AND o.account_id = p.other_id
             WHERE p.conversation_id = \(id) AND p.account_id = \(account)
            """
        ) { row in
            Standing(
                conversation: try Conversation(row: row), unread: try row.decode("unread"),
                otherRead: try row.decode("other_read"))
        }
    }

    /// Writes back a locked conversation to which `message` was added, and counts it as received.
    func save(_ conversation: Conversation, adding message: Message, in tx: Transaction) async throws {
        try await save(conversation, in: tx)
        try await tx.execute(
            """
            UPDATE participants
               SET received = received + (account_id <> \(message.senderID))::int,
                   updated_at = \(conversation.updatedAt)
             WHERE conversation_id = \(conversation.id)
            """)
    }

    func save(_ conversation: Conversation, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE conversations
               SET match_id = \(conversation.matchID), last_position = \(conversation.lastPosition),
                   first_sent = \(conversation.firstSent), turn_by = \(conversation.turn?.by),
                   turn_since = \(conversation.turn?.since), updated_at = \(conversation.updatedAt)
             WHERE id = \(conversation.id)
            """)
    }

    /// A conversation as its participant's list shows it.
    struct Listed: Sendable {
        let conversation: Conversation
        let unread: Int64
        let lastMessage: Message?
    }

    /// Which of an account's conversations a list shows.
    struct Filter: Sendable {
        var unreadOnly = false
        /// The other participant is one of these; `nil` for anybody.
        var others: [AccountID]?

        fileprivate func sql(for account: AccountID) -> SQL {
            let unread: SQL = unreadOnly ? "AND p.unread > 0" : .empty
            let others: SQL = others.map { "AND p.other_id = ANY(\($0))" } ?? .empty
            return "p.account_id = \(account) \(fragment: unread) \(fragment: others)"
        }
    }

    /// The conversation with the latest message first.
    ///
    /// - Parameter number: From 1.
    func page(
        of account: AccountID, _ filter: Filter, number: Int, limit: Int, in executor: some SQLExecutor
    ) async throws -> [Listed] {
        try await executor.all(
            """
            SELECT \(fragment: Self.columns), p.unread, \(fragment: MessageStore.columns)
              FROM participants p
              JOIN conversations c ON c.id = p.conversation_id
              LEFT JOIN messages m ON m.conversation_id = c.id AND m.position = c.last_position
             WHERE \(fragment: filter.sql(for: account))
             ORDER BY p.updated_at DESC, p.conversation_id DESC
             LIMIT \(limit) OFFSET \((number - 1) * limit)
            """
        ) { row in
            let hasMessage = try row.decode("message_id", as: MessageID?.self) != nil
            return Listed(
                conversation: try Conversation(row: row), unread: try row.decode("unread"),
                lastMessage: hasMessage ? try Message(row: row) : nil)
        }
    }

    func count(of account: AccountID, _ filter: Filter, in executor: some SQLExecutor) async throws -> Int {
        try await executor.one(
            "SELECT count(*) AS count FROM participants p WHERE \(fragment: filter.sql(for: account))"
        ) { Int(try $0.decode("count", as: Int64.self)) }
    }

    /// With whom an account has written, the latest first.
    func others(of account: AccountID, limit: Int, in executor: some SQLExecutor) async throws -> [AccountID] {
        try await executor.all(
            """
            SELECT other_id FROM participants
             WHERE account_id = \(account) ORDER BY updated_at DESC, conversation_id DESC LIMIT \(limit)
            """
        ) { try $0.decode("other_id") }
    }
}
