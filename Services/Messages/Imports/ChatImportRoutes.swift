import ServiceKit
import SharedModels

/// `/internal/import`.
struct ChatImportRoutes: Sendable {
    let workflow: ChatImportWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.chatImport.conversations) { input, _ in
            ImportAnswer(outcomes: try await workflow.bring(input.conversations))
        }
        routes.handle(Endpoints.chatImport.messages) { input, _ in
            ImportAnswer(outcomes: try await workflow.bring(input.messages))
        }
    }
}
