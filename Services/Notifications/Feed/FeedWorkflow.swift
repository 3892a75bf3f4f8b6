import Postgres
import ServiceKit
import SharedModels

/// An account's events and notices.
struct FeedWorkflow: Sendable {
    /// Unread notices are counted no further.
    private static let mostUnread = 1000
    /// Events that a stream reads at once.
    private static let portion = 100

    let database: Database
    let bell: StreamBell
    let names: NameLookup
    /// The web client.
    let home: String
    let feed = FeedStore()
    let settings = ReadingStore()

    /// - Parameter event: The last one that was shown, in the same order; `nil` for the first page.
    func events(
        for caller: AccountID, after event: EventID?, in order: EventOrder = .oldest, limit: Int
    ) async throws -> Page<FeedEvent> {
        var position: Int64?
        if let event { position = try await self.position(of: event, for: caller) }
        switch order {
        case .oldest: return try await feed.page(for: caller, after: position ?? 0, limit: limit, in: database)
        case .newest: return try await feed.latest(for: caller, before: position ?? .max, limit: limit, in: database)
        }
    }

    /// What comes after an event, or from now on, until the stream is ended.
    func follow(_ caller: AccountID, after event: EventID?) async throws -> FollowedEvents<Int64> {
        let seat = bell.seat(for: caller)
        let start: Int64
        if let event {
            start = try await position(of: event, for: caller)
        } else {
            start = try await feed.lastPosition(of: caller, in: database)
        }
        return FollowedEvents(seat, after: start) { [feed, database] position in
            let events = try await feed.events(for: caller, after: position, limit: Self.portion, in: database)
            return (events.map(OutgoingEvent.init), events.last?.position ?? position)
        }
    }

    private func position(of event: EventID, for caller: AccountID) async throws -> Int64 {
        guard let found = try await feed.position(of: event, for: caller, in: database) else {
            throw FeedError.unknownEvent
        }
        return found
    }

    /// The newest first, each with its text in the caller's language.
    func notices(
        for caller: AccountID, after cursor: PageCursor?, limit: Int
    ) async throws -> (page: Page<Notice>, texts: [MessageText], unread: Int) {
        let page = try await feed.notices(for: caller, after: cursor, limit: limit, in: database)
        let reader = Reader(account: caller, language: try await settings.language(of: caller, in: database))
        let unread = try await feed.unread(of: caller, atMost: Self.mostUnread, in: database)
        let known = await names.find(
            page.items.flatMap { MessageText.accounts(inBody: $0.body, for: reader) })
        let texts = page.items.map { notice in
            MessageText(event: notice.event, body: notice.body, for: reader, names: known, home: home)
        }
        return (page, texts, unread)
    }

    /// - Parameter ids: `nil` marks all.
    func markRead(_ ids: [EventID]?, of caller: AccountID, at now: Timestamp) async throws -> Int {
        try await feed.markRead(ids, of: caller, at: now, in: database)
    }
}

extension OutgoingEvent {
    fileprivate init(_ event: FeedEvent) {
        self.init(event: event.name, id: "\(event.id)", json: event.body)
    }
}
