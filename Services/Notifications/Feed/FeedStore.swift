import Postgres
import ServiceKit
import SharedModels

/// The statements on the table `feed`: which event concerns whom, in one order for all.
struct FeedStore: Sendable {
    /// Where streams are told that there is more.
    static let channel = StreamChannel("guildhall_feed")

    /// Lets one transaction at a time add to the feed, until its end: so positions are in the order of the commits, and a
    /// reader that remembers the last position misses nothing.
    func lock(in tx: Transaction) async throws { _ = try await tx.rows("SELECT \(fragment: Self.locking)") }

    /// What ``lock(in:)`` calls.
    static let locking: SQL = "pg_advisory_xact_lock(hashtextextended('feed', 0))"

    /// Adds the events that `source` holds (`id`, `recipients`, `received_at`), in the order in which they are given:
    /// a part of the statement that stores them. ``lock(in:)`` first, and ``ring(for:in:)`` afterwards.
    static func adding(_ events: [EventEnvelope], from source: SQL) -> SQL {
        let unnoticed = events.flatMap { event in event.unnoticed.map { (event: event.id, account: $0) } }
        return """
            INSERT INTO feed (account_id, event_id, at, is_notice)
            SELECT account_id, id, received_at,
                   (id, account_id) NOT IN (
                    SELECT event_id, account FROM unnest(\(unnoticed.map(\.event)), \(unnoticed.map(\.account)))
                                                    AS unnoticed (event_id, account))
              FROM \(fragment: source)
             CROSS JOIN LATERAL (SELECT DISTINCT unnest(recipients)) AS recipient (account_id)
             ORDER BY array_position(\(events.map(\.id)), id)
            """
    }

    /// Wakes who follows these events.
    func ring(for events: [EventEnvelope], in tx: Transaction) async throws {
        try await Self.channel.ring(for: Array(Set(events.flatMap(\.recipients))), in: tx)
    }

    /// Where an event stands; `nil` when it is not the account's, or older than the feed.
    func position(of event: EventID, for account: AccountID, in executor: some SQLExecutor) async throws -> Int64? {
        try await executor.first(
            "SELECT position FROM feed WHERE event_id = \(event) AND account_id = \(account)"
        ) { try $0.decode("position") }
    }

    /// Where the account's newest event stands; 0 without any.
    func lastPosition(of account: AccountID, in executor: some SQLExecutor) async throws -> Int64 {
        try await executor.first(
            "SELECT position FROM feed WHERE account_id = \(account) ORDER BY position DESC LIMIT 1"
        ) { try $0.decode("position") } ?? 0
    }

    /// The events after `position`, the oldest first.
    func page(
        for account: AccountID, after position: Int64, limit: Int, in executor: some SQLExecutor
    ) async throws -> Page<FeedEvent> {
        let events = try await events(for: account, after: position, limit: limit + 1, in: executor)
        return Page(events, limit: limit, bytes: \.body.count) { $0.id }
    }

    /// The first events after `position`, as webhooks for all names get them.
    func events(
        for account: AccountID, after position: Int64, limit: Int, in executor: some SQLExecutor
    ) async throws -> [FeedEvent] {
        try await executor.all(
            """
            SELECT events.id, name, position, body FROM feed JOIN events ON events.id = event_id
             WHERE account_id = \(account) AND position > \(position) AND name = ANY(\(EventName.allCases))
             ORDER BY position LIMIT \(limit)
            """, FeedEvent.init(row:))
    }

    /// The events before `position`, the newest first.
    func latest(
        for account: AccountID, before position: Int64, limit: Int, in executor: some SQLExecutor
    ) async throws -> Page<FeedEvent> {
        let events = try await executor.all(
            """
            SELECT events.id, name, position, body FROM feed JOIN events ON events.id = event_id
             WHERE account_id = \(account) AND position < \(position) AND name = ANY(\(EventName.allCases))
             ORDER BY position DESC LIMIT \(limit + 1)
            """, FeedEvent.init(row:))
        return Page(events, limit: limit, bytes: \.body.count) { $0.id }
    }

    /// What an account has in its inbox, the newest first.
    func notices(
        for account: AccountID, after cursor: PageCursor?, limit: Int, in executor: some SQLExecutor
    ) async throws -> Page<Notice> {
        let cursor = cursor ?? .newest
        return try await executor.page(
            """
            SELECT events.id, name, body, feed.at, read_at FROM feed JOIN events ON events.id = event_id
             WHERE account_id = \(account) AND is_notice AND (feed.at, event_id) < (\(cursor.moment), \(cursor.id))
             ORDER BY feed.at DESC, event_id DESC LIMIT \(limit + 1)
            """, limit: limit, Notice.init(row:)
        ) { PageCursor($0.createdAt, $0.id) }
    }

    func unread(of account: AccountID, atMost limit: Int, in executor: some SQLExecutor) async throws -> Int {
        try await executor.one(
            """
            SELECT count(*) AS count FROM (
                SELECT FROM feed WHERE account_id = \(account) AND is_notice AND read_at IS NULL
                 LIMIT \(limit)) AS unread
            """
        ) { Int(try $0.decode("count", as: Int64.self)) }
    }

    /// - Parameter ids: `nil` marks all.
    /// - Returns: How many were unread.
    func markRead(
        _ ids: [EventID]?, of account: AccountID, at now: Timestamp, in executor: some SQLExecutor
    ) async throws -> Int {
        try await executor.execute(
            """
            UPDATE feed SET read_at = \(now)
             WHERE account_id = \(account) AND is_notice AND read_at IS NULL
               AND (\(ids == nil) OR event_id = ANY(\(ids ?? [])))
            """
        )
    }
}

extension FeedEvent {
    fileprivate init(row: Row) throws {
        self.init(
            id: try row.decode("id"), name: try row.decode("name"), position: try row.decode("position"),
            body: Array(try row.decode("body", as: String.self).utf8))
    }
}

extension Notice {
    fileprivate init(row: Row) throws {
        self.init(
            id: try row.decode("id"), event: try row.decode("name"),
            body: Array(try row.decode("body", as: String.self).utf8),
            createdAt: try row.decode("at"), readAt: try row.decodeIfPresent("read_at"))
    }
}
