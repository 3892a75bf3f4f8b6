import ServiceKit
import SharedModels

/// `/internal/import`.
struct MoneyImportRoutes: Sendable {
    let workflow: MoneyImportWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.moneyImport.escrows) { input, _ in
            ImportAnswer(outcomes: try await workflow.bring(input.escrows))
        }
        routes.handle(Endpoints.moneyImport.wallets) { input, _ in
            ImportAnswer(outcomes: try await workflow.bring(input.wallets))
        }
    }
}
