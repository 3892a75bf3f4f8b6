import ServiceKit
import SharedModels

/// Answers the requests of other services.
struct OpeningRoutes: Sendable {
    let workflow: OpeningWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.messagesInternal.open, open)
    }

    private func open(_ opening: ConversationOpening, _ call: Call) async throws -> OpenedConversation {
        OpenedConversation(conversationID: try await workflow.open(opening, at: call.now))
    }
}
