import ServiceKit
import SharedModels

/// The part of GitHub's REST API that identifies a user. `GITHUB_API_BASE=<sandbox>/github`.
struct GitHubRoutes: Sendable {
    /// GitHub's default and limit of `per_page`.
    private static let defaultPage = 30
    private static let largestPage = 100

    let store: GitHubStore
    let base: String

    func register(on routes: RawRoutes) {
        routes.on(.get, "/github/user") { request in try await signedIn(request) { .json($0.json) } }
        routes.on(.get, "/github/user/emails") { request in try await signedIn(request) { .json($0.emails) } }
        routes.on(.get, "/github/user/repos") { request in
            try await signedIn(request) { Self.repositories($0, request) }
        }
        routes.on(.get, "/github/users/{login}") { request in named(request) { .json($0.json) } }
        routes.on(.get, "/github/users/{login}/repos") { request in
            named(request) { Self.repositories($0, request) }
        }
    }

    private func signedIn(_ request: RawRequest, _ answer: (GitHubUser) -> Answer) async throws
        -> Answer
    {
        let shown = request.header("authorization").flatMap(Authorization.init)
        let token = shown.flatMap { ["bearer", "token"].contains($0.scheme) ? $0.credentials : nil }
        guard let token, let login = try await store.findLogin(ofToken: token),
            let user = GitHubUser(login: login, base: base)
        else {
            return .json(
                [
                    "message": .string(token != nil ? "Bad credentials" : "Requires authentication"),
                    "status": "401",
                ], status: 401)
        }
        return answer(user)
    }

    private func named(_ request: RawRequest, _ answer: (GitHubUser) -> Answer) -> Answer {
        guard let user = GitHubUser(login: request.pathParameters["login"] ?? "", base: base) else {
            return .json(["message": "Not Found", "status": "404"], status: 404)
        }
        return answer(user)
    }

    /// GitHub does not refuse a bad `page` or `per_page`; it takes the nearest valid one.
    private static func repositories(_ user: GitHubUser, _ request: RawRequest) -> Answer {
        let query = FormData.pairs(request.rawQuery.utf8)
        func number(_ name: String) -> Int? { query.first { $0.name == name }.flatMap { Int($0.value) } }
        let perPage = min(max(number("per_page") ?? defaultPage, 1), largestPage)
        let page = min(max(number("page") ?? 1, 1), 1000)
        return .json(.array(user.repositories(page: page, perPage: perPage)))
    }
}
