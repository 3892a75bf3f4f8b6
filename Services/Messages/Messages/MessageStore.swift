import Postgres
import ServiceKit
import SharedModels

/// The statements on the tables `messages` and `reads`.
struct MessageStore: Sendable {
    /// A message of an account that has left is shown as deleted, although its text is erased only a little later.
    static let columns: SQL =
        """
        m.id AS message_id, m.conversation_id, m.position, m.ordinal, m.sender_id, m.type, m.body,
        m.match_id AS message_match_id, m.media_id, m.media_type, m.sent_at,
        coalesce(m.deleted_at, (SELECT left_at FROM departures WHERE account_id = m.sender_id)) AS deleted_at
        """

    func insert(_ message: Message, in tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO messages (
                conversation_id, position, ordinal, id, sender_id, type, body, match_id, media_id, media_type,
                sent_at)
            VALUES (\(message.conversationID), \(message.position), \(message.ordinal), \(message.id),
                    \(message.senderID), \(message.type), \(message.body), \(message.matchID), \(message.mediaID),
                    \(message.mediaType), \(message.sentAt))
            """)
    }

    /// Where a message stands; `nil` when the conversation has no such message.
    func position(
        of id: MessageID, in conversation: ConversationID, in executor: some SQLExecutor
    ) async throws -> Int64? {
        try await executor.first(
            "SELECT position FROM messages WHERE id = \(id) AND conversation_id = \(conversation)"
        ) { try $0.decode("position") }
    }

    /// The messages before a position, newest first.
    ///
    /// - Returns: A page whose cursor is its oldest message's id.
    func page(
        of conversation: Conversation, before position: Int64, limit: Int, in executor: some SQLExecutor
    ) async throws -> Page<Message> {
        try await executor.page(
            Self.listing(conversation, before: position, limit: limit), limit: limit, Self.message
        ) { $0.id }
    }

    static func listing(_ conversation: Conversation, before position: Int64, limit: Int) -> SQL {
        """
        SELECT \(fragment: columns), \(fragment: readAt(in: conversation)) AS read_at
          FROM messages m
         WHERE m.conversation_id = \(conversation.id) AND m.position < \(position)
         ORDER BY m.position DESC LIMIT \(limit + 1)
        """
    }

    /// The messages after a position, oldest first.
    func messages(
        of conversation: Conversation, after position: Int64, limit: Int, in executor: some SQLExecutor
    ) async throws -> [Message] {
        try await executor.all(Self.listing(conversation, after: position, limit: limit), Self.message)
    }

    static func listing(_ conversation: Conversation, after position: Int64, limit: Int) -> SQL {
        """
        SELECT \(fragment: columns), \(fragment: readAt(in: conversation)) AS read_at
          FROM messages m
         WHERE m.conversation_id = \(conversation.id) AND m.position > \(position)
         ORDER BY m.position LIMIT \(limit)
        """
    }

    private static func message(_ row: Row) throws -> Message {
        var message = try Message(row: row)
        message.readAt = try row.decode("read_at")
        return message
    }

    /// When the message `m` was read by the one who did not write it.
    private static func readAt(in conversation: Conversation) -> SQL {
        let pair = conversation.pair
        return """
            (SELECT r.read_at FROM reads r
              WHERE r.conversation_id = m.conversation_id AND r.position >= m.position
                AND r.account_id = CASE m.sender_id WHEN \(pair.first) THEN \(pair.second) ELSE \(pair.first) END
              ORDER BY r.position LIMIT 1)
            """
    }

    /// Notes that `reader` has read up to a position. A repeat, and a position that covers nothing new, change nothing
    /// and tell nobody.
    func markRead(
        upTo position: Int64, of conversation: ConversationID, by reader: AccountID, at now: Timestamp,
        in executor: some SQLExecutor
    ) async throws {
        try await executor.execute(
            """
            WITH reached AS (
                SELECT m.position, CASE sender_id WHEN \(reader) THEN m.position - ordinal ELSE ordinal END AS received,
                       p.read_position AS former, p.other_id
                  FROM messages m
                  JOIN participants p ON p.conversation_id = m.conversation_id AND p.account_id = \(reader)
                 WHERE m.conversation_id = \(conversation) AND m.position = \(position)
            ), moved AS (
                UPDATE participants
                   SET read_position = reached.position, read_received = reached.received
                  FROM reached
                 WHERE conversation_id = \(conversation) AND account_id = \(reader)
                   AND read_received < reached.received
                RETURNING reached.position, reached.former, reached.other_id
            ), noted AS (
                INSERT INTO reads (conversation_id, account_id, position, read_at)
                SELECT \(conversation), \(reader), position, \(now) FROM moved
            )
            SELECT pg_notify(\(StreamChannel.messages.name), \("\(conversation)")),
                   pg_notify(\(ChatSignal.channel), concat_ws(' ', 'r', \("\(conversation)")::text, former, position,
                             \("\(reader)")::text, moved.other_id))
              FROM moved
            """)
    }

    /// Up to where `reader` has read, if that is further than `position`.
    func receipt(
        of reader: AccountID, in conversation: ConversationID, after position: Int64, in executor: some SQLExecutor
    ) async throws -> (position: Int64, receipt: ReadReceipt)? {
        try await executor.first(
            """
            SELECT r.position, r.read_at, m.id
              FROM reads r JOIN messages m ON m.conversation_id = r.conversation_id AND m.position = r.position
             WHERE r.conversation_id = \(conversation) AND r.account_id = \(reader) AND r.position > \(position)
             ORDER BY r.position DESC LIMIT 1
            """
        ) { row in
            (
                try row.decode("position"),
                ReadReceipt(
                    readerID: PrefixedID(reader), messageID: PrefixedID(try row.decode("id")),
                    readAt: try row.decode("read_at"))
            )
        }
    }
}
