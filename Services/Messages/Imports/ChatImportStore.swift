import Postgres
import SharedModels

/// The statements of the import on the tables of conversations and messages.
struct ChatImportStore: Sendable {
    func lock(_ id: ConversationID, in tx: Transaction) async throws -> Conversation? {
        try await tx.first(
            """
            SELECT \(fragment: ConversationStore.columns) FROM conversations c WHERE c.id = \(id) FOR NO KEY UPDATE
            """, Conversation.init(row:))
    }

    /// Those of the messages that are there.
    func present(_ ids: [MessageID], in tx: Transaction) async throws -> Set<MessageID> {
        Set(
            try await tx.all("SELECT id FROM messages WHERE id = ANY(\(ids))") {
                try $0.decode("id", as: MessageID.self)
            })
    }

    /// Notes that who got `message` has read up to it. Nobody is told.
    func noteRead(_ message: Message, by reader: AccountID, at readAt: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            """
            WITH moved AS (
                UPDATE participants SET read_position = \(message.position), read_received = \(message.ordinal)
                 WHERE conversation_id = \(message.conversationID) AND account_id = \(reader)
                   AND read_received < \(message.ordinal)
                RETURNING conversation_id, account_id
            )
            INSERT INTO reads (conversation_id, account_id, position, read_at)
            SELECT conversation_id, account_id, \(message.position), \(readAt) FROM moved
            """)
    }
}
