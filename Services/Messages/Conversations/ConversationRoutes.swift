import ServiceKit
import SharedModels

/// `/v1/messages/conversations`.
struct ConversationRoutes: Sendable {
    let workflow: ConversationWorkflow
    let live: LiveWorkflow
    let clock: any DomainClock

    func register(on routes: Routes) {
        routes.handle(Endpoints.messages.conversations, list)
        routes.handle(Endpoints.messages.conversation, stream: follow, get)
    }

    private func list(_: NoInput, _ call: Call) async throws -> ConversationList {
        let (number, limit) = (try call.query(.page), try call.query(MessageEndpoints.limit))
        let (items, total) = try await workflow.list(
            of: call.caller.accountID, unreadOnly: call.query(MessageEndpoints.unreadOnly),
            search: call.query(MessageEndpoints.search), number: number, limit: limit)
        return ConversationList(
            conversations: items, pagination: Pagination(total: total, page: number, perPage: limit))
    }

    private func get(_: NoInput, _ call: Call) async throws -> ConversationPage {
        let id: ConversationID = try call.path("conversationId")
        let (before, limit) = (try call.query(MessageEndpoints.before), try call.query(.limit))
        let wait = try call.query(MessageEndpoints.wait)
        if wait > 0, before == nil {
            try await live.waitForMessage(in: id, for: .seconds(wait), by: call.caller.accountID, or: call.departure)
        }
        // The request may have waited, so what is shown now is read now.
        let (page, total) = try await workflow.page(
            of: id, before: before, limit: limit, by: call.caller.accountID, at: clock.now)
        let next = page.nextCursor.flatMap { MessageID($0) }
        return ConversationPage(
            conversationID: PrefixedID(id), messages: page.items.map(\.view),
            pagination: MessagePagination(total: total, perPage: limit, nextBefore: next.map(PrefixedID.init)))
    }

    private func follow(_ call: Call) async throws -> FollowedEvents<LivePlace> {
        let last = call.header("Last-Event-ID").flatMap { MessageID($0) }
        return try await live.follow(call.path("conversationId"), after: last, by: call.caller.accountID)
    }
}
