import SharedModels

/// A user in the form of GitHub's `GET /user` (REST API, "Get the authenticated user").
struct GitHubUser: Sendable, Equatable {
    let identity: GitHubIdentity
    let displayName: String
    let email: String?
    /// Those that GitHub has confirmed, in lower case, the primary one first.
    let confirmedEmails: [String]

    /// - Parameter emails: GitHub's `GET /user/emails` (REST API, "List email addresses for the authenticated user").
    /// - Returns: `nil` when `json` does not describe a user.
    init?(json: JSONValue, emails: JSONValue? = nil) {
        guard
            let id = json["id"]?.integer, let login = json["login"]?.string, !login.isEmpty,
            let createdAt = json["created_at"]?.string.flatMap({ Timestamp($0) })
        else { return nil }
        let works = (json["public_repos"]?.integer ?? 0) + (json["public_gists"]?.integer ?? 0)
        identity = GitHubIdentity(
            id: id, username: login, standing: GitHubStanding(createdAt: createdAt, hasPublicWork: works > 0))
        displayName = PersonName.cleaned(json["name"]?.string) ?? PersonName.cleaned(login) ?? "GitHub user"
        let confirmed = (emails?.array ?? []).filter { $0["verified"] == true }
        confirmedEmails = [true, false].flatMap { isPrimary in
            confirmed.filter { ($0["primary"] == true) == isPrimary }
                .compactMap { $0["email"]?.string.flatMap { StringFormat.email.accepts($0) ? $0.lowercased() : nil } }
        }
        email = json["email"]?.string.flatMap { StringFormat.email.accepts($0) ? $0 : nil }
    }
}
