import ServiceKit
import SharedModels

/// `/internal/import`.
struct JobImportRoutes: Sendable {
    let workflow: JobImportWorkflow

    func register(on routes: Routes) {
        routes.handleImport(Endpoints.jobImport.categories) { try await workflow.bring($0, isRehearsal: $1) }
        routes.handleImport(Endpoints.jobImport.skills) { try await workflow.bring($0, isRehearsal: $1) }
        routes.handleImport(Endpoints.jobImport.jobs) { try await workflow.bring($0, isRehearsal: $1) }
        routes.handleImport(Endpoints.jobImport.applications) { try await workflow.bring($0, isRehearsal: $1) }
    }
}
