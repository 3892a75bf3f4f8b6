import Postgres
import ServiceKit
import SharedModels

/// Keeps the count of requests in flight right, when they end and when their process does
/// (docs/decisions/0050-requests-in-flight-have-places.md).
struct PlaceWorkflow: Sendable {
    let database: Database
    let places = PlaceStore()
    private let startedAt = ContinuousClock.now

    init(database: Database) { self.database = database }

    func register(on scheduler: Scheduler) {
        scheduler.every(.seconds(5), "places.abandoned") {
            // While auth was away, nobody could renew a lease: the living get the time to do so.
            guard .now - startedAt > PlaceStore.lease else { return }
            try await places.deleteAbandoned(in: database)
        }
    }

    /// Takes back what a process tells has ended.
    func take(_ news: PlaceReturn) async throws {
        try await places.renew(news.replicaID, in: database)
        guard !news.placeIDs.isEmpty else { return }
        try await places.delete(news.placeIDs, in: database)
    }
}
