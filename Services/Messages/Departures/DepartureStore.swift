import Postgres
import SharedModels

/// The table `departures`, and the data of accounts in it.
struct DepartureStore: Sendable {
    /// Keeps two accounts from leaving before `tx` ends.
    ///
    /// - Returns: Whether both are still there.
    func hold(_ pair: Pair, in tx: Transaction) async throws -> Bool {
        try await tx.execute(
            """
            SELECT pg_advisory_xact_lock_shared(hashtextextended(account::text, 0))
              FROM unnest(\(pair.both)) AS parties (account)
            """)
        return try await tx.one(
            "SELECT NOT EXISTS (SELECT FROM departures WHERE account_id = ANY(\(pair.both))) AS stay"
        ) { try $0.decode("stay") }
    }

    /// Waits for what is being sent to or from an account, and takes it out for good.
    func insertIfAbsent(_ account: AccountID, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(\("\(account)"), 0))")
        try await tx.execute(
            """
            INSERT INTO departures (account_id, left_at) VALUES (\(account), \(now))
            ON CONFLICT (account_id) DO NOTHING
            """)
    }

    /// A conversation in which an account still has a part.
    struct Left: Sendable {
        let id: ConversationID
        let otherHasLeft: Bool
    }

    func left(by account: AccountID, limit: Int, in executor: some SQLExecutor) async throws -> [Left] {
        try await executor.all(
            """
            SELECT conversation_id,
                   EXISTS (SELECT FROM departures WHERE departures.account_id = other_id) AS other_has_left
              FROM participants WHERE account_id = \(account) ORDER BY conversation_id LIMIT \(limit)
            """
        ) { Left(id: try $0.decode("conversation_id"), otherHasLeft: try $0.decode("other_has_left")) }
    }

    /// Erases texts and attachments that an account wrote, among `limit` messages after a position.
    func erase(
        _ account: AccountID, in conversation: ConversationID, after position: Int64, limit: Int64, at now: Timestamp,
        in executor: some SQLExecutor
    ) async throws {
        try await executor.execute(
            """
            UPDATE messages SET body = '', match_id = NULL, media_id = NULL, media_type = NULL, deleted_at = \(now)
             WHERE conversation_id = \(conversation) AND position > \(position) AND position <= \(position + limit)
               AND sender_id = \(account) AND deleted_at IS NULL
            """)
    }

    func lastPosition(of conversation: ConversationID, in executor: some SQLExecutor) async throws -> Int64 {
        try await executor.first("SELECT last_position FROM conversations WHERE id = \(conversation)") {
            try $0.decode("last_position")
        } ?? 0
    }

    func removeParticipant(
        _ account: AccountID, from conversation: ConversationID, in executor: some SQLExecutor
    ) async throws {
        try await executor.execute(
            "DELETE FROM participants WHERE conversation_id = \(conversation) AND account_id = \(account)")
    }

    /// Removes a part of a conversation that nobody can read any more.
    func deleteMessages(
        of conversation: ConversationID, upTo position: Int64, in executor: some SQLExecutor
    ) async throws {
        try await executor.execute(
            "DELETE FROM messages WHERE conversation_id = \(conversation) AND position <= \(position)")
        try await executor.execute(
            "DELETE FROM reads WHERE conversation_id = \(conversation) AND position <= \(position)")
    }

    func delete(_ conversation: ConversationID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM participants WHERE conversation_id = \(conversation)")
        try await tx.execute("DELETE FROM conversations WHERE id = \(conversation)")
    }
}
