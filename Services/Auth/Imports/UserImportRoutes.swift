import ServiceKit
import SharedModels

/// `/internal/import`.
struct UserImportRoutes: Sendable {
    let workflow: UserImportWorkflow

    func register(on routes: Routes) {
        routes.handleImport(Endpoints.userImport.users) { try await workflow.bring($0, isRehearsal: $1) }
    }
}
