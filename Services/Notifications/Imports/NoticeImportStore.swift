import Postgres
import SharedModels

/// The statement of the import on the tables of events and of the feed.
struct NoticeImportStore: Sendable {
    /// Adds an event, and the notice that it is. It is kept as long as one that came just now, and stands in the inbox
    /// where its own moment puts it. ``FeedStore/lock(in:)`` first.
    ///
    /// - Returns: Whether it was added.
    func insertIfAbsent(
        _ event: ReceivedEvent, of notice: ImportedNotice, at now: Timestamp, in tx: Transaction
    ) async throws -> Bool {
        let envelope = event.envelope
        return try await tx.execute(
            """
            WITH added AS (
                INSERT INTO events (id, aggregate, sequence, name, recipients, body, at, request_id, received_at)
                VALUES (\(envelope.id), \(envelope.aggregate), \(envelope.sequence), \(envelope.name),
                        \(envelope.recipients), \(String(decoding: event.body, as: UTF8.self)), \(envelope.at), NULL,
                        \(now))
                ON CONFLICT (id) DO NOTHING
                RETURNING id
            )
            INSERT INTO feed (account_id, event_id, at, is_notice, read_at)
            SELECT \(notice.userID), id, \(notice.createdAt), true, \(notice.readAt) FROM added
            """) == 1
    }
}
