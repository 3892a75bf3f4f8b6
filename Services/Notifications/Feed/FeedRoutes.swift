import Postgres
import ServiceKit
import SharedModels

/// `/api/events` and `/api/notifications/inbox`.
struct FeedRoutes: Sendable {
    let workflow: FeedWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.feed.list, list)
        routes.stream(Endpoints.feed.stream, stream)
        routes.handle(Endpoints.feed.inbox, inbox)
        routes.handle(Endpoints.feed.markRead, markRead)
    }

    private func list(_: NoInput, _ call: Call) async throws -> EventFeed {
        let page = try await workflow.events(
            for: call.caller.accountID, after: call.query(FeedEndpoints.after),
            in: call.query(FeedEndpoints.order) ?? .oldest, limit: call.query(.limit))
        return EventFeed(events: try page.items.map { try $0.view }, nextCursor: page.nextCursor)
    }

    private func stream(_ call: Call) async throws -> FollowedEvents<Int64> {
        try await workflow.follow(call.caller.accountID, after: lastEvent(call) ?? call.query(FeedEndpoints.after))
    }

    /// What a client got last before it lost its connection.
    private func lastEvent(_ call: Call) throws -> EventID? {
        guard let text = call.header("Last-Event-ID"), !text.isEmpty else { return nil }
        guard let id = EventID(text) else { throw FeedError.unknownEvent }
        return id
    }

    private func inbox(_: NoInput, _ call: Call) async throws -> NoticeList {
        let (page, texts, unread) = try await workflow.notices(
            for: call.caller.accountID, after: call.query(.cursor), limit: call.query(.limit))
        let notices = zip(page.items, texts).map { notice, text in notice.view(text) }
        return NoticeList(notices: notices, unread: unread, nextCursor: page.nextCursor)
    }

    private func markRead(_ input: ReadInput, _ call: Call) async throws -> ReadView {
        ReadView(read: try await workflow.markRead(input.ids, of: call.caller.accountID, at: call.now))
    }
}

extension FeedEvent {
    /// - Throws: When the stored body is not one of ours.
    fileprivate var view: EventView {
        get throws { try JSONValue.parse(body).decode(EventView.self) }
    }
}

extension Notice {
    fileprivate func view(_ text: MessageText) -> NoticeView {
        NoticeView(
            id: id, event: event, title: text.subject, text: text.text, link: text.link, createdAt: createdAt,
            readAt: readAt)
    }
}
