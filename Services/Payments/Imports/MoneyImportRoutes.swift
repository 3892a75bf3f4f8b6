import ServiceKit
import SharedModels

/// `/internal/import`.
struct MoneyImportRoutes: Sendable {
    let workflow: MoneyImportWorkflow

    func register(on routes: Routes) {
        routes.handleImport(Endpoints.moneyImport.escrows) { try await workflow.bring($0, isRehearsal: $1) }
        routes.handleImport(Endpoints.moneyImport.wallets) { try await workflow.bring($0, isRehearsal: $1) }
    }
}
