/// What somebody shows on GitHub.
public struct RepositoryList: Model {
    public let githubUsername: String
    public let githubProfileURL: String
    public let repos: [RepositoryView]

    public init(githubUsername: String, githubProfileURL: String, repos: [RepositoryView]) {
        self.githubUsername = githubUsername
        self.githubProfileURL = githubProfileURL
        self.repos = repos
    }
}

/// A public repository, in GitHub's own words.
public struct RepositoryView: Model, Equatable {
    public let name: String
    public let htmlURL: String
    public let description: String?
    public let stargazersCount: Int64
    public let updatedAt: Timestamp
    public let language: String?

    public init(
        name: String, htmlURL: String, description: String?, stargazersCount: Int64, updatedAt: Timestamp,
        language: String?
    ) {
        self.name = name
        self.htmlURL = htmlURL
        self.description = description
        self.stargazersCount = stargazersCount
        self.updatedAt = updatedAt
        self.language = language
    }
}

/// `/api/profile/{userId}/github-repos`.
public struct RepositoryEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.talent

    public static let perPage = Parameter<Int>.integer(
        "per_page", 1...30, default: 10, "How many repositories at most, 1 to 30")

    public let list = Endpoint<NoInput, RepositoryList>(
        "profile.repositories", .get, "/api/profile/{userId}/github-repos", of: Self.self,
        access: .account(.profilesRead), query: [Self.perPage], errors: [.notFound, .badGateway],
        "Somebody's public repositories on GitHub, the latest first")
}
