import ServiceKit
import SharedModels

/// Answers messages' questions about notices.
struct NoticeRoutes: Sendable {
    let workflow: NoticeWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.notificationsInternal.notices, latest)
        routes.handle(Endpoints.notificationsInternal.addNotice, add)
        routes.handle(Endpoints.notificationsInternal.readNotice, read)
    }

    private func latest(_: NoInput, _ call: Call) async throws -> NoticeItems {
        NoticeItems(notices: try await workflow.latest(of: call.path("id")))
    }

    private func add(_ draft: NoticeDraft, _ call: Call) async throws -> NoticeItem {
        try await workflow.add(draft, call.path("noticeId"), of: call.path("id"), at: call.now)
    }

    private func read(_: NoInput, _ call: Call) async throws -> NoOutput {
        try await workflow.markRead(call.path("noticeId"), of: call.path("id"), at: call.now)
        return NoOutput()
    }
}
