import Logging
import Postgres
import ServiceKit
import SharedModels

/// Updates what is known here about a gig's deals before a caller is refused because of them.
///
/// Events report the end of a deal about 100 ms late. A caller who has just seen it end would not understand the
/// refusal.
struct EngagementRefresh: Sendable {
    /// How many negotiations are asked about at once. A gig with more open deals than this keeps the rest until their
    /// events arrive.
    private static let limit = 100

    let database: Database
    let engagements: EngagementStore
    let peers: any JobsPeers
    let logger: Logger

    /// Releases the gig's deals that contracts reports as over. All stay as they are when contracts cannot be asked,
    /// and when the gig does not belong to `owner`, who is refused anyway.
    ///
    /// Never call inside a transaction. The update stays even if the request fails, and it is written separately. An
    /// idempotency key's transaction would lock the engagement before the application, the opposite order from the
    /// event that is on its way.
    func callAsFunction(_ gig: GigID, of owner: AccountID) async throws {
        let live = try await engagements.live(gig: gig, of: owner, limit: Self.limit, in: database)
        guard !live.isEmpty else { return }
        let ended: [NegotiationID]
        do {
            ended = try await peers.ended(among: live)
        } catch {
            logger.info(
                "contracts could not be asked which negotiations are over",
                metadata: ["gig": "\(gig)", "error": "\(error)"])
            return
        }
        guard !ended.isEmpty else { return }
        try await CommitScope.$current.withValue(nil) { try await engagements.end(ended, in: database) }
    }
}
