import Postgres
import ServiceKit
import SharedModels

/// `/api/events` and `/api/notifications/inbox`.
struct FeedRoutes: Sendable {
    let workflow: FeedWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.feed.list, list)
        routes.handle(Endpoints.feed.inbox, inbox)
        routes.handle(Endpoints.feed.markRead, markRead)
    }

    private func list(_: NoInput, _ call: Call) async throws -> EventFeed {
        try await workflow.events(
            for: call.caller.accountID, after: call.query(FeedEndpoints.after), limit: call.query(.limit))
    }

    private func inbox(_: NoInput, _ call: Call) async throws -> NoticeList {
        let (page, unread) = try await workflow.notices(
            for: call.caller.accountID, after: call.query(.cursor), limit: call.query(.limit))
        return NoticeList(notices: page.items, unread: unread, nextCursor: page.nextCursor)
    }

    private func markRead(_ input: ReadInput, _ call: Call) async throws -> ReadView {
        ReadView(read: try await workflow.markRead(input.ids, of: call.caller.accountID, at: call.now))
    }
}
