import Postgres
import SharedModels

/// The statements of the chat on the tables `messages` and `reads`.
struct ChatStore: Sendable {
    /// A message, with the two of its conversation.
    struct Told: Sendable {
        var message: Message
        let pair: Pair
    }

    private static let columns: SQL = "\(fragment: MessageStore.columns), c.first_id, c.second_id"

    func find(_ id: MessageID, in executor: some SQLExecutor) async throws -> Told? {
        try await executor.first(
            """
            SELECT \(fragment: Self.columns)
              FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE m.id = \(id)
            """, Told.init(row:))
    }

    func find(
        _ position: Int64, in conversation: ConversationID, in executor: some SQLExecutor
    ) async throws -> Told? {
        try await executor.first(
            """
            SELECT \(fragment: Self.columns)
              FROM messages m JOIN conversations c ON c.id = m.conversation_id
             WHERE m.conversation_id = \(conversation) AND m.position = \(position)
            """, Told.init(row:))
    }

    /// Takes a message back, unless it was.
    ///
    /// - Returns: Whether it was there.
    func delete(_ id: MessageID, at now: Timestamp, in tx: Transaction) async throws -> Bool {
        try await tx.execute(
            """
            UPDATE messages SET body = '', match_id = NULL, media_id = NULL, media_type = NULL, deleted_at = \(now)
             WHERE id = \(id) AND deleted_at IS NULL
            """) == 1
    }

    /// When the reader's messages up to a position were read, as far as it is noted.
    func readAt(
        _ position: Int64, of conversation: ConversationID, by reader: AccountID, in executor: some SQLExecutor
    ) async throws -> Timestamp? {
        try await executor.first(
            """
            SELECT read_at FROM reads
             WHERE conversation_id = \(conversation) AND account_id = \(reader) AND position >= \(position)
             ORDER BY position LIMIT 1
            """
        ) { try $0.decode("read_at") }
    }

    /// How far back a reader's news goes, in messages of both.
    private static let reach: Int64 = 1_000

    /// The newest messages of `writer` after one position and up to another, oldest first. Those that lie far back are left
    /// out, because somebody can write a million messages without a look at the other's.
    func messages(
        of writer: AccountID, in conversation: ConversationID, after: Int64, upTo: Int64, limit: Int,
        in executor: some SQLExecutor
    ) async throws -> [MessageID] {
        let start = max(after, upTo - Self.reach)
        return try await executor.all(
            """
            SELECT id FROM messages
             WHERE conversation_id = \(conversation) AND position > \(start) AND position <= \(upTo)
               AND sender_id = \(writer)
             ORDER BY position DESC LIMIT \(limit)
            """
        ) { try $0.decode("id", as: MessageID.self) }.reversed()
    }

    /// Notes who of the two is the client, unless that is known.
    func name(_ client: AccountID, in conversation: ConversationID, in tx: Transaction) async throws {
        try await tx.execute(
            "UPDATE conversations SET client_id = \(client) WHERE id = \(conversation) AND client_id IS NULL")
    }
}

extension ChatStore.Told {
    fileprivate init(row: Row) throws {
        let (first, second): (AccountID, AccountID) = (try row.decode("first_id"), try row.decode("second_id"))
        guard let pair = Pair(first, second) else {
            throw PostgresError.decoding(column: "second_id", reason: "is the first account again")
        }
        self.init(message: try Message(row: row), pair: pair)
    }
}
