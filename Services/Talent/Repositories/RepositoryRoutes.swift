import ServiceKit
import SharedModels

/// `/api/profile/{userId}/github-repos`.
struct RepositoryRoutes: Sendable {
    let workflow: RepositoryWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.repositories.list, list)
    }

    private func list(_: NoInput, _ call: Call) async throws -> RepositoryList {
        try await workflow.repositories(
            of: call.path("userId"), atMost: try call.query(RepositoryEndpoints.perPage), at: call.now)
    }
}
