import ServiceKit
import SharedModels

/// `/internal/import`.
struct ProfileImportRoutes: Sendable {
    let workflow: ProfileImportWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.profileImport.profiles) { input, call in
            let outcomes =
                try await input.isRehearsal
                ? workflow.rehearse(input.things) : workflow.bring(input.things, at: call.now)
            return ImportAnswer(outcomes: outcomes)
        }
        routes.handle(Endpoints.profileImport.records) { input, call in
            guard !input.isRehearsal else { return ImportAnswer(outcomes: input.things.map { _ in .imported }) }
            return ImportAnswer(outcomes: try await workflow.bring(input.things, at: call.now))
        }
    }
}
