import Logging
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
    let logger: Logger

    /// Lets go of the gig's deals that contracts says are over. When it cannot be asked, all stay as they are, and
    /// when the gig is not `owner`'s, who is refused anyhow.
    ///
    /// Not to be called inside a transaction. What is learned stands whatever becomes of the request, and is written
    /// by itself: an idempotency key's transaction would hold the engagement before the application, the other way
    /// round than the event that is on its way.
    func callAsFunction(_ gig: GigID, of owner: AccountID) async throws {
        let live = try await engagements.live(gig: gig, of: owner, limit: Self.limit, in: database)
        guard !live.isEmpty else { return }
        let ended: [NegotiationID]
        do {
            ended = try await peers.ended(among: live)
        } catch {
            logger.info("contracts did not say what is over", metadata: ["gig": "\(gig)", "error": "\(error)"])
            return
        }
        guard !ended.isEmpty else { return }
        try await CommitScope.$current.withValue(nil) { try await engagements.end(ended, in: database) }
    }
}
