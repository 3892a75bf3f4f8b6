import Postgres
import SharedModels

/// Every statement on the table `github_repositories`.
struct RepositoryStore: Sendable {
    /// - Returns: `nil` when nothing was ever fetched.
    func find(_ username: String, in executor: some SQLExecutor) async throws -> CachedRepositories? {
        try await executor.first(
            """
            SELECT repositories, fetched_at FROM github_repositories WHERE username = \(username.lowercased())
            """, CachedRepositories.init(row:))
    }

    /// Of two simultaneous fetches, keeps the later one.
    func save(_ cached: CachedRepositories, of username: String, in executor: some SQLExecutor) async throws {
        let json = JSONB(bytes: try JSONValue.encode(cached.repositories))
        try await executor.execute(
            """
            INSERT INTO github_repositories (username, repositories, fetched_at)
            VALUES (\(username.lowercased()), \(json), \(cached.fetchedAt))
            ON CONFLICT (username) DO UPDATE
               SET repositories = excluded.repositories, fetched_at = excluded.fetched_at
             WHERE github_repositories.fetched_at < excluded.fetched_at
            """
        )
    }

    func prune(fetchedBefore time: Timestamp, in executor: some SQLExecutor) async throws {
        try await executor.execute("DELETE FROM github_repositories WHERE fetched_at < \(time)")
    }

    func delete(_ username: String, in executor: some SQLExecutor) async throws {
        try await executor.execute(
            "DELETE FROM github_repositories WHERE username = \(username.lowercased())")
    }
}

extension CachedRepositories {
    fileprivate init(row: Row) throws {
        let json: JSONB = try row.decode("repositories")
        self.init(
            repositories: try JSONValue.decode([RepositoryView].self, from: json.bytes),
            fetchedAt: try row.decode("fetched_at"))
    }
}
