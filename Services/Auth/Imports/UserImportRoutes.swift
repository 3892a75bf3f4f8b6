import ServiceKit
import SharedModels

/// `/internal/import`.
struct UserImportRoutes: Sendable {
    let workflow: UserImportWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.userImport.users) { input, _ in
            ImportAnswer(outcomes: try await workflow.bring(input.users))
        }
    }
}
