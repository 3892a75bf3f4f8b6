import SharedModels

/// Somebody as GitHub's `GET /user` describes them (REST API, "Get the authenticated user").
struct GitHubUser: Sendable, Equatable {
    let identity: GitHubIdentity
    let displayName: String
    let email: String?

    /// - Returns: `nil` when `json` is no user.
    init?(json: JSONValue) {
        guard
            let id = json["id"]?.integer, let login = json["login"]?.string, !login.isEmpty,
            let createdAt = json["created_at"]?.string.flatMap({ Timestamp($0) })
        else { return nil }
        let works = (json["public_repos"]?.integer ?? 0) + (json["public_gists"]?.integer ?? 0)
        identity = GitHubIdentity(
            id: id, username: login, standing: GitHubStanding(createdAt: createdAt, hasPublicWork: works > 0))
        displayName = Self.shown(json["name"]?.string) ?? login
        email = json["email"]?.string.flatMap { $0.contains("@") ? $0 : nil }
    }

    /// A name in the form our own profiles take: not blank, up to 100 characters, none of control.
    private static func shown(_ name: String?) -> String? {
        guard let name else { return nil }
        let visible = name.unicodeScalars.filter { $0.properties.generalCategory != .control }
        let text = String(String.UnicodeScalarView(visible.prefix(100)))
        return text.allSatisfy(\.isWhitespace) ? nil : text
    }
}
