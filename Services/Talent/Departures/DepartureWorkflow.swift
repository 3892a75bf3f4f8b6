import Postgres
import ServiceKit
import SharedModels

/// What happens to a profile when its account is deleted: nothing about the person stays, except a score that nobody
/// can see.
struct DepartureWorkflow: Sendable {
    let profiles: ProfileStore
    let details: WorkDetailsStore
    let clients: ClientRecordStore
    let features: TalentFeatureStore
    let views: ProfileViewStore
    let media: MediaStore
    let files: FileWorkflow
    let repositories: RepositoryStore
    let tombstones: TombstoneStore
    let figures = FigureStore()

    /// Auth has deleted the account.
    func leave(_ id: AccountID, as event: EventID, at now: Timestamp, in tx: Transaction) async throws {
        // An account that never had a profile must not get one now.
        guard let profile = try await profiles.lock(id, in: tx) else {
            return try await profiles.insertDeleted(id, at: now, in: tx)
        }
        let successors = try await tombstones.bury(id, score: profile.ghostScore, as: event, at: now, in: tx)
        for successor in successors {
            try await profiles.inheritGhostScore(profile.ghostScore, of: successor, in: tx)
        }
        try await profiles.anonymise(id, at: now, in: tx)
        try await details.delete(id, in: tx)
        try await clients.delete(id, in: tx)
        try await features.delete(id, in: tx)
        try await views.delete(id, in: tx)
        try await figures.delete(id, in: tx)
        let shown = try await media.deleteAll(of: id, in: tx)
        for file in profile.storedFiles.union(shown) { try await files.letGo(file, at: now, in: tx) }
        if let username = profile.githubUsername { try await repositories.delete(username, in: tx) }
    }
}
