import Postgres
import ServiceKit
import SharedModels

/// What contracts asks and tells of negotiations.
struct EngagementWorkflow: Sendable {
    let database: Database
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

    /// Keeps the copy of a negotiation that contracts tells of. One of which nobody applied here is passed over.
    func follow(_ news: NegotiationNews, at now: Timestamp, in tx: Transaction) async throws {
        guard let application = try await applications.lock(of: news.workerID, to: news.gigID, in: tx) else { return }
        try await engagements.update(news, about: application, at: now, in: tx)
    }

    /// Lets an applicant go whose contract is over.
    func follow(_ contract: ContractReading, in tx: Transaction) async throws {
        guard contract.status.isOver else { return }
        try await engagements.end([contract.negotiationID], in: tx)
    }
}
