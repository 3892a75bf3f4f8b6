import ServiceKit
import SharedModels

/// `/api/profile/{userId}/github-repos`.
struct RepositoryRoutes: Sendable {
    let workflow: RepositoryWorkflow
    let links: ProfileLinks

    func register(on routes: Routes) {
        routes.handle(Endpoints.repositories.list, list)
    }

    private func list(_: NoInput, _ call: Call) async throws -> RepositoryList {
        let (username, latest) = try await workflow.repositories(
            of: call.path("userId"), atMost: try call.query(RepositoryEndpoints.perPage), at: call.now)
        return RepositoryList(githubUsername: username, githubProfileURL: links.gitHub(username), repos: latest)
    }
}
