import Postgres
import ServiceKit
import SharedModels

/// What contracts asks and tells of negotiations.
struct EngagementWorkflow: Sendable {
    let database: Database
    let inbox: Inbox
    let gigs: GigStore
    let applications: ApplicationStore
    let engagements: EngagementStore
    let refresh: EngagementRefresh

    /// Reserves a shortlisted applicant for a negotiation.
    ///
    /// - Throws: 404 for a gig the client cannot see, or for a worker who has not applied to it, 403 for
    ///   somebody else's, 409 when the worker is not shortlisted or is being negotiated with already.
    func engage(_ gig: GigID, _ input: EngagementInput, at now: Timestamp) async throws -> Gig {
        try await refresh(gig, of: input.clientUserID)
        return try await database.transaction { tx in
            guard let found = try await gigs.lock(gig, in: tx), found.isVisible(to: input.clientUserID) else {
                throw JobsError.gigNotFound(gig)
            }
            guard found.ownerID == input.clientUserID else { throw JobsError.notTheOwner(input.clientUserID, of: gig) }
            guard let application = try await applications.lock(of: input.workerUserID, to: gig, in: tx) else {
                throw JobsError.noApplicant(input.workerUserID, of: gig)
            }
            guard application.status == .shortlisted else { throw JobsError.notShortlisted(application.status) }
            guard try await engagements.reserve(input.negotiationID, for: application, at: now, in: tx) else {
                throw JobsError.alreadyNegotiating(application.id)
            }
            return found
        }
    }

    /// Keeps the copy of a negotiation that an event tells of. Events that mean nothing here are ignored.
    func receive(_ event: EventEnvelope, at now: Timestamp) async throws {
        try await database.transaction { tx in
            _ = try await inbox.once(event.id, at: now, in: tx) {
                switch EventName(rawValue: event.name) {
                case .negotiationCreated, .negotiationUpdated:
                    guard
                        let news = NegotiationNews(event),
                        let application = try await applications.lock(
                            of: news.workerID, to: news.gigID, in: tx)
                    else { return }
                    try await engagements.update(news, about: application, at: now, in: tx)
                case .contractUpdated:
                    guard
                        let status = event.data["status"]?.string.flatMap(ContractStatus.init), status.isOver,
                        let negotiation = event.data["negotiation_id"]?.string.flatMap({ NegotiationID($0) })
                    else { return }
                    try await engagements.end([negotiation], in: tx)
                case .gigCreated, .gigUpdated, .gigDeleted, .applicationCreated, .applicationUpdated, .contractCreated,
                    .milestoneFunded, .milestoneReleased, .disputeCreated, .keyExpiring, nil:
                    return
                }
            }
        }
    }
}
