import OutboundHTTP
import SharedModels

/// GitHub's public data (GitHub REST API, "List repositories for a user").
struct GitHubClient: Sendable {
    /// The most repositories that a caller can ask for.
    static let page = 30
    /// A caller waits, and a cached answer is better than a late one.
    private static let deadline = Duration.seconds(4)

    let http: OutboundHTTP
    /// Without a trailing slash.
    let base: String

    /// The latest public repositories.
    ///
    /// - Returns: `nil` when GitHub has no user of that name.
    /// - Throws: ``RepositoryError/gitHubUnavailable(reason:)``
    func repositories(of username: String) async throws(RepositoryError) -> [RepositoryView]? {
        var request = OutboundRequest(
            .get, "\(base)/users/\(username.percentEncoded)/repos?sort=updated&per_page=\(Self.page)",
            headers: [("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28")])
        request.deadline = Self.deadline
        let response: OutboundResponse
        do {
            response = try await http.send(request, .provider)
        } catch {
            throw .gitHubUnavailable(reason: "\(error)")
        }
        if response.status == 404 { return nil }
        // An answer that is not JSON is judged by its status.
        guard response.status == 200, let list = (try? JSONValue.parse(response.body, leniently: true))?.array else {
            throw .gitHubUnavailable(reason: "the list of repositories answered \(response.status)")
        }
        let repositories = list.prefix(Self.page).compactMap(RepositoryView.init(json:))
        guard list.isEmpty || !repositories.isEmpty else {
            throw .gitHubUnavailable(reason: "the list of repositories has none that can be read")
        }
        return repositories
    }
}

extension RepositoryView {
    /// - Returns: `nil` without a name, a page or a time of change.
    fileprivate init?(json: JSONValue) {
        guard
            let name = json["name"]?.string, let url = json["html_url"]?.string,
            url.hasPrefix("https://") || url.hasPrefix("http://"),
            let updatedAt = json["updated_at"]?.string.flatMap({ Timestamp($0) })
        else { return nil }
        self.init(
            name: name, htmlURL: url, description: json["description"]?.string,
            stargazersCount: json["stargazers_count"]?.integer ?? 0, updatedAt: updatedAt,
            language: json["language"]?.string)
    }
}
