import ServiceKit
import SharedModels

/// `/internal/import`.
struct ProfileImportRoutes: Sendable {
    let workflow: ProfileImportWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.profileImport.profiles) { input, call in
            ImportAnswer(outcomes: try await workflow.bring(input.profiles, at: call.now))
        }
        routes.handle(Endpoints.profileImport.records) { input, call in
            ImportAnswer(outcomes: try await workflow.bring(input.jobs, at: call.now))
        }
    }
}
