import ServiceKit
import SharedModels

/// `/internal/import`.
struct NoticeImportRoutes: Sendable {
    let workflow: NoticeImportWorkflow

    func register(on routes: Routes) {
        routes.handleImport(Endpoints.noticeImport.notices) { try await workflow.bring($0, isRehearsal: $1) }
    }
}
