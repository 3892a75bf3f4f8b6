import Logging
import Postgres
import ServiceKit
import SharedModels

/// Shows a person's public repositories on GitHub.
struct RepositoryWorkflow: Sendable {
    /// GitHub allows 60 requests per hour from an address without a token.
    static let freshness = Duration.minutes(10)
    /// How long GitHub's answer is kept for times when GitHub does not respond. Names that nobody here uses any more
    /// are deleted by then too.
    static let retention = Duration.days(7)

    let database: Database
    let clock: any DomainClock
    let finder: ProfileFinder
    let gitHub: GitHubClient
    let repositories: RepositoryStore
    let logger: Logger

    /// - Throws: 404 for an account that does not exist or has no GitHub name; 502 while GitHub does not answer and
    ///   nothing is cached.
    func repositories(
        of id: AccountID, atMost count: Int, at now: Timestamp
    ) async throws -> (username: String, latest: [RepositoryView]) {
        let profile = try await finder.met(id, at: now)
        guard let username = profile.githubUsername else { throw RepositoryError.noGitHub(id) }
        return (username, try await Array(latest(of: username, at: now).prefix(count)))
    }

    /// Schedules a daily deletion of what is older than ``retention``.
    func register(on scheduler: Scheduler) {
        scheduler.every(.days(1), "github.repositories.prune") {
            try await repositories.prune(fetchedBefore: clock.now - Self.retention, in: database)
        }
    }

    private func latest(of username: String, at now: Timestamp) async throws -> [RepositoryView] {
        let cached = try await repositories.find(username, in: database)
        if let cached, now < cached.fetchedAt + Self.freshness { return cached.repositories }
        do {
            guard let fetched = try await gitHub.repositories(of: username) else {
                try await repositories.delete(username, in: database)
                throw RepositoryError.gitHubUserNotFound(username)
            }
            try await repositories.save(
                CachedRepositories(repositories: fetched, fetchedAt: now), of: username, in: database)
            return fetched
        } catch RepositoryError.gitHubUnavailable(let reason) {
            guard let cached else { throw RepositoryError.gitHubUnavailable(reason: reason) }
            logger.info(
                "GitHub does not answer; what it said last is shown", metadata: ["reason": "\(reason)"])
            return cached.repositories
        }
    }
}
