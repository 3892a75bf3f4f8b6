import SharedModels

/// A user in the form of GitHub's `GET /user` (REST API, "Get the authenticated user").
struct GitHubUser: Sendable, Equatable {
    let identity: GitHubIdentity
    let displayName: String
    let email: String?

    /// - Returns: `nil` when `json` does not describe a user.
    init?(json: JSONValue) {
        guard
            let id = json["id"]?.integer, let login = json["login"]?.string, !login.isEmpty,
            let createdAt = json["created_at"]?.string.flatMap({ Timestamp($0) })
        else { return nil }
        let works = (json["public_repos"]?.integer ?? 0) + (json["public_gists"]?.integer ?? 0)
        identity = GitHubIdentity(
            id: id, username: login, standing: GitHubStanding(createdAt: createdAt, hasPublicWork: works > 0))
        displayName = PersonName.cleaned(json["name"]?.string) ?? PersonName.cleaned(login) ?? "GitHub user"
        email = json["email"]?.string.flatMap { StringFormat.email.accepts($0) ? $0 : nil }
    }
}
