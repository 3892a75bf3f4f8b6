import ServiceKit
import SharedModels

/// `/internal/import`.
struct ContractImportRoutes: Sendable {
    let workflow: ContractImportWorkflow

    func register(on routes: Routes) {
        routes.handleImport(Endpoints.contractImport.contracts) { try await workflow.bring($0, isRehearsal: $1) }
        routes.handleImport(Endpoints.contractImport.reviews) { try await workflow.bring($0, isRehearsal: $1) }
    }
}
