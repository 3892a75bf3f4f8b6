import Postgres
import ServiceKit
import SharedModels

/// Brings what is known here of a gig's deals up to date before anybody is refused for their sake.
///
/// Events tell of a deal's end some 100 ms late. Who has just seen it end would not understand the refusal.
struct EngagementRefresh: Sendable {
    /// So many are asked for at once. A gig with more live deals than this keeps the rest until their events come.
    private static let limit = 100

    let database: Database
    let engagements: EngagementStore
    let peers: any JobsPeers

    /// Lets go of the gig's deals that contracts says are over. When it cannot be asked, all stay as they are.
    ///
    /// Not to be called inside a transaction.
    func callAsFunction(_ gig: GigID) async throws {
        let live = try await engagements.live(gig: gig, limit: Self.limit, in: database)
        guard !live.isEmpty, let ended = try? await peers.ended(among: live), !ended.isEmpty else { return }
        try await engagements.end(ended, in: database)
    }
}
