import Postgres
import ServiceKit
import SharedModels

/// Keeps the count of requests in flight right, when they end and when their process does
/// (docs/decisions/0050-requests-in-flight-have-places.md).
struct PlaceWorkflow: Sendable {
    let database: Database
    let places = PlaceStore()

    func register(on scheduler: Scheduler) {
        scheduler.every(.seconds(5), "places.abandoned") { try await places.deleteAbandoned(in: database) }
    }

    /// Takes back what a process tells has ended.
    func take(_ news: PlaceReturn) async throws {
        try await places.renew(news.replicaID, in: database)
        guard !news.placeIDs.isEmpty else { return }
        try await places.delete(news.placeIDs, in: database)
    }
}
