import SharedModels

/// A user of the sandbox's GitHub. Everything is made up from the login, the same at every request.
struct GitHubUser: Sendable {
    let login: String
    /// How browsers reach the sandbox's GitHub.
    let base: String
    private let seed: UInt64

    /// - Returns: `nil` for a login that GitHub does not allow. A login has 1 to 39 letters and digits, with single
    ///   hyphens between them.
    init?(login: String, base: String) {
        let isPlain = login.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "-") }
        guard isPlain, (1...39).contains(login.count), !login.hasPrefix("-"), !login.hasSuffix("-"),
            !login.contains("--")
        else {
            return nil
        }
        self.login = login
        self.base = base
        seed = StableHash.of(login.lowercased())
    }

    private static let languages = ["Swift", "TypeScript", "Python", "Go", "Rust", "Kotlin"]
    private static let topics = [
        "api", "cli", "database", "design", "docs", "mobile", "networking", "tools", "web",
    ]
    private static let projects = [
        "atlas", "beacon", "compass", "harbor", "lantern", "mosaic", "orchard", "quarry", "signal", "tiller",
    ]
    /// Between 2014 and 2023, long before any of our clocks: 2014-01-01 and the days of ten years.
    private static let firstDay = 16_071, dayCount: UInt64 = 3650

    var id: Int64 { Int64(seed % 100_000_000) + 1000 }
    var createdAt: Timestamp {
        Timestamp(seconds: Int64(Self.firstDay + Int(seed % Self.dayCount)) * 86_400 + 43_200)
    }
    var repositoryCount: Int { 3 + Int(seed >> 8 & 7) }
    var email: String { "\(login.lowercased())@users.example.com" }

    var json: JSONValue {
        [
            "login": .string(login), "id": .integer(id), "node_id": .string("U_\(id)"), "type": "User",
            "site_admin": false,
            "avatar_url": .string("https://avatars.githubusercontent.com/u/\(id)?v=4"),
            "html_url": .string("\(base)/\(login)"),
            "url": .string("\(base)/users/\(login)"), "repos_url": .string("\(base)/users/\(login)/repos"),
            "name": .string(login.split(separator: "-").map(\.capitalized).joined(separator: " ")),
            "company": nil, "blog": "",
            "location": "Berlin", "email": .string(email), "bio": .string("Builds things in \(language(0))."),
            "hireable": true,
            "public_repos": .integer(Int64(repositoryCount)), "public_gists": 0,
            "followers": .integer(Int64(seed >> 16 & 255)),
            "following": .integer(Int64(seed >> 24 & 127)), "created_at": .string("\(createdAt)"),
            "updated_at": .string("\(createdAt + .days(365))"),
        ]
    }

    var emails: JSONValue {
        [["email": .string(email), "primary": true, "verified": true, "visibility": "public"]]
    }

    /// Public ones, the latest first.
    func repositories(page: Int, perPage: Int) -> [JSONValue] {
        (0..<repositoryCount).dropFirst((page - 1) * perPage).prefix(perPage).map(repository)
    }

    private func repository(_ index: Int) -> JSONValue {
        let name = Self.projects[(Int(seed % 10) + index) % Self.projects.count]
        let first = Int(seed >> 32 & 7) + index
        return [
            "id": .integer(id * 100 + Int64(index)), "name": .string(name),
            "full_name": .string("\(login)/\(name)"), "private": false,
            "owner": ["login": .string(login), "id": .integer(id), "type": "User"], "fork": false,
            "archived": false, "disabled": false,
            "html_url": .string("\(base)/\(login)/\(name)"),
            "description": .string("\(name.capitalized), in \(language(index))."),
            "language": .string(language(index)),
            "topics": .array((0..<2).map { .string(Self.topics[(first + $0) % Self.topics.count]) }),
            "stargazers_count": .integer(Int64(seed >> 40 & 63) * Int64(repositoryCount - index)),
            "forks_count": .integer(Int64(index)),
            "open_issues_count": 0, "size": .integer(Int64(100 + index * 37)), "visibility": "public",
            "default_branch": "main",
            "created_at": .string("\(createdAt + .days(30 * index))"),
            "updated_at": .string("\(createdAt + .days(400 + 10 * index))"),
            "pushed_at": .string("\(createdAt + .days(400 + 10 * index))"),
        ]
    }

    private func language(_ index: Int) -> String {
        Self.languages[(Int(seed >> 4 & 15) + index) % Self.languages.count]
    }
}

extension StringProtocol {
    /// With its first letter in upper case.
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
