import Postgres
import SharedModels

/// Every statement on the table `messages`.
struct MessageStore: Sendable {
    static let columns: SQL = "id, channel, recipient, subject, text, payload, at"

    /// The most messages in one answer: the newest.
    private static let listLimit: Int64 = 1000

    /// - Returns: Its number among all messages, ascending. A second one under the same idempotency key, to
    ///   the same recipient, is not kept, and the first one's number is returned.
    @discardableResult
    func insert(_ message: Message, idempotencyKey: String? = nil, in executor: some SQLExecutor) async throws
        -> Int64
    {
        try await executor.one(
            """
            INSERT INTO messages (id, channel, recipient, subject, text, payload, idempotency_key, at)
            VALUES (\(message.id), \(message.channel), \(message.recipient), \(message.subject), \(message.text),
                    \(JSONB(bytes: message.payload.bytes)), \(idempotencyKey), \(message.at))
            ON CONFLICT ON CONSTRAINT sent_once_per_recipient
                DO UPDATE SET idempotency_key = excluded.idempotency_key
            RETURNING position
            """
        ) { try $0.int64(at: 0) }
    }

    /// The first message sent under an idempotency key.
    func find(_ channel: MessageChannel, idempotencyKey: String, in executor: some SQLExecutor) async throws
        -> Message?
    {
        try await executor.first(
            """
            SELECT \(fragment: Self.columns) FROM messages
             WHERE channel = \(channel) AND idempotency_key = \(idempotencyKey) ORDER BY position LIMIT 1
            """, Message.init(row:))
    }

    /// Those of all channels or of one, to everybody or to one recipient, newest first.
    ///
    /// - Parameter recipient: The recipient, in any case. For webhooks this is the whole URL, its path or the end of
    ///   the path.
    func find(
        channel: MessageChannel?, to recipient: String?, in executor: some SQLExecutor
    ) async throws -> [Message] {
        let ofChannel: SQL = channel.map { " AND channel = \($0)" } ?? .empty
        let toRecipient: SQL =
            recipient.map {
                """
                 AND (lower(recipient) = lower(\($0)) OR channel IN ('slack', 'discord')
                      AND (right(\($0), length(recipient)) = recipient OR right(recipient, length(\($0))) = \($0)))
                """
            } ?? .empty
        return try await executor.all(
            """
            SELECT \(fragment: Self.columns) FROM messages
             WHERE true\(fragment: ofChannel)\(fragment: toRecipient)
             ORDER BY position DESC LIMIT \(Self.listLimit)
            """, Message.init(row:))
    }
}

extension Message {
    fileprivate init(row: Row) throws {
        self.init(
            id: try row.decode("id"), channel: try row.decode("channel"),
            recipient: try row.decode("recipient"),
            subject: try row.decode("subject"), text: try row.decode("text"),
            payload: try JSONValue.parse(row.decode("payload", as: JSONB.self).bytes),
            at: try row.decode("at"))
    }
}
