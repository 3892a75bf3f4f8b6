import ServiceKit
import SharedModels

/// `/internal/import`.
struct ContractImportRoutes: Sendable {
    let workflow: ContractImportWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.contractImport.contracts) { input, _ in
            ImportAnswer(outcomes: try await workflow.bring(input.contracts))
        }
        routes.handle(Endpoints.contractImport.reviews) { input, _ in
            ImportAnswer(outcomes: try await workflow.bring(input.reviews))
        }
    }
}
