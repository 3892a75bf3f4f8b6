import Postgres
import ServiceKit
import SharedModels

/// An account's events and notices.
struct FeedWorkflow: Sendable {
    /// Unread notices are counted no further.
    private static let mostUnread = 1000

    let database: Database
    let feed = FeedStore()

    func events(for caller: AccountID, after event: EventID?, limit: Int) async throws -> EventFeed {
        var position: Int64 = 0
        if let event {
            guard let found = try await feed.position(of: event, for: caller, in: database) else {
                throw FeedError.unknownEvent
            }
            position = found
        }
        let events = try await feed.events(for: caller, after: position, limit: limit + 1, in: database)
        guard events.count > limit else { return EventFeed(events: events, nextCursor: nil) }
        let shown = Array(events.prefix(limit))
        return EventFeed(events: shown, nextCursor: shown.last.map { "\($0.id)" })
    }

    func notices(
        for caller: AccountID, after cursor: PageCursor?, limit: Int
    ) async throws -> (page: Page<NoticeView>, unread: Int) {
        let page = try await feed.notices(for: caller, after: cursor, limit: limit, in: database)
        return (page, try await feed.unread(of: caller, atMost: Self.mostUnread, in: database))
    }

    /// - Parameter ids: `nil` marks all.
    func markRead(_ ids: [EventID]?, of caller: AccountID, at now: Timestamp) async throws -> Int {
        try await feed.markRead(ids, of: caller, at: now, in: database)
    }
}
