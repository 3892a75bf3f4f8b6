import ServiceKit
import SharedModels

/// `/internal/import`.
struct ChatImportRoutes: Sendable {
    let workflow: ChatImportWorkflow

    func register(on routes: Routes) {
        routes.handleImport(Endpoints.chatImport.conversations) { try await workflow.bring($0, isRehearsal: $1) }
        routes.handleImport(Endpoints.chatImport.messages) { messages, isRehearsal in
            try await isRehearsal ? workflow.rehearse(messages) : workflow.bring(messages)
        }
    }
}
