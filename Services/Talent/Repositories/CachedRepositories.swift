import SharedModels

/// GitHub's answer, and its time.
struct CachedRepositories: Sendable, Equatable {
    let repositories: [RepositoryView]
    let fetchedAt: Timestamp
}
