import Postgres
import ServiceKit
import SharedModels

/// Contracts' requests and events about negotiations.
struct EngagementWorkflow: Sendable {
    let database: Database
    let gigs: GigStore
    let applications: ApplicationStore
    let engagements: EngagementStore
    let refresh: EngagementRefresh

    /// Reserves a shortlisted applicant for a negotiation.
    ///
    /// - Throws: 404 for a gig that the client cannot see, or for a worker who has not applied to it; 403 for somebody
    ///   else's gig; 409 when the worker is not shortlisted or is already in a negotiation.
    func engage(_ gig: GigID, _ input: EngagementInput, at now: Timestamp) async throws -> Gig {
        try await refresh(gig, of: input.clientUserID)
        return try await database.transaction { tx in
            guard let found = try await gigs.lock(gig, in: tx), found.isVisible(to: input.clientUserID) else {
                throw GigError.notFound(gig)
            }
            guard found.ownerID == input.clientUserID else { throw GigError.notTheOwner(input.clientUserID, of: gig) }
            guard let application = try await applications.lock(of: input.workerUserID, to: gig, in: tx) else {
                throw EngagementError.noApplicant(input.workerUserID, of: gig)
            }
            guard application.status == .shortlisted else { throw EngagementError.notShortlisted(application.status) }
            guard try await engagements.reserve(input.negotiationID, for: application, at: now, in: tx) else {
                throw EngagementError.alreadyNegotiating(application.id)
            }
            return found
        }
    }

    /// Updates the copy of a negotiation from an event. A negotiation without an application here is ignored.
    func follow(_ news: NegotiationNews, at now: Timestamp, in tx: Transaction) async throws {
        guard let application = try await applications.lock(of: news.workerID, to: news.gigID, in: tx) else { return }
        try await engagements.save(news, about: application, at: now, in: tx)
    }

    /// Releases an applicant whose contract is over.
    func follow(_ contract: ContractReading, in tx: Transaction) async throws {
        guard contract.status.isOver, let negotiation = contract.negotiationID else { return }
        try await engagements.end([negotiation], in: tx)
    }
}
