import SharedModels

@testable import JobsService

/// The intended behaviour of gigs, applications and reservations, in the simplest form: the oracle for random
/// histories.
struct MarketModel {
    struct Gig {
        let owner: AccountID
        var status: GigStatus
        var version: Int64 = 1
    }

    struct Application {
        let gig: GigID
        let worker: AccountID
        var status = ApplicationStatus.applied
        var version: Int64 = 1
        var engagement: Engagement?
    }

    struct Engagement {
        let negotiation: NegotiationID
        var reservedAt: Timestamp
        var isConfirmed = false
        var isLive = true

        func holds(at now: Timestamp) -> Bool {
            isLive && (isConfirmed || now <= reservedAt + .seconds(60))
        }
    }

    var gigs: [GigID: Gig] = [:]
    var applications: [ApplicationID: Application] = [:]

    mutating func change(_ id: GigID, to status: GigStatus, by caller: AccountID) throws(GigError) {
        try requireOwner(caller, of: id)
        guard gigs[id]?.status != status else { return }
        gigs[id]?.status = status
        gigs[id]?.version += 1
    }

    mutating func delete(_ id: GigID, by caller: AccountID, at now: Timestamp) throws(GigError) {
        try requireOwner(caller, of: id)
        let isHeld = applications.values.contains { $0.gig == id && $0.engagement?.holds(at: now) == true }
        if isHeld { throw .dealUnderWay(id) }
        gigs[id] = nil
        applications = applications.filter { $0.value.gig != id }
    }

    /// The refusal that an application meets, if any.
    func refusal(of worker: AccountID, applyingTo id: GigID) -> (any Error)? {
        guard let gig = gigs[id] else { return GigError.notFound(id) }
        if gig.owner == worker { return ApplicationError.ownGig(id) }
        return switch gig.status {
        case .draft: GigError.notFound(id)
        case .closed: GigError.notActive(id)
        case .active:
            applications.values.contains { $0.gig == id && $0.worker == worker }
                ? ApplicationError.alreadyApplied(id) : nil
        }
    }

    mutating func decide(
        _ decision: ApplicationStatus, on id: ApplicationID, of gig: GigID, by caller: AccountID,
        at now: Timestamp
    ) throws {
        try requireOwner(caller, of: gig)
        guard let application = applications[id] else { throw ApplicationError.notFound(id) }
        guard application.status != decision else { return }
        if application.engagement?.holds(at: now) == true { throw ApplicationError.shortlistInUse(id) }
        applications[id]?.status = decision
        applications[id]?.version += 1
    }

    mutating func withdraw(_ id: ApplicationID, by caller: AccountID, at now: Timestamp) throws(ApplicationError) {
        guard let application = applications[id] else { throw .notFound(id) }
        guard application.worker == caller else {
            throw gigs[application.gig]?.owner == caller ? .notYours(id) : .notFound(id)
        }
        if application.engagement?.holds(at: now) == true { throw .inUse(id) }
        applications[id] = nil
    }

    mutating func engage(
        _ negotiation: NegotiationID, on id: ApplicationID, of gig: GigID, by client: AccountID,
        at now: Timestamp
    ) throws {
        try requireOwner(client, of: gig)
        guard let application = applications[id] else { throw ApplicationError.notFound(id) }
        guard application.status == .shortlisted else { throw EngagementError.notShortlisted(application.status) }
        if let engagement = application.engagement, engagement.holds(at: now) {
            guard engagement.negotiation == negotiation else { throw EngagementError.alreadyNegotiating(id) }
            return
        }
        applications[id]?.engagement = Engagement(negotiation: negotiation, reservedAt: now)
    }

    private func requireOwner(_ caller: AccountID, of id: GigID) throws(GigError) {
        guard let gig = gigs[id], gig.status == .active || gig.owner == caller else { throw .notFound(id) }
        guard gig.owner == caller else { throw .notTheOwner(caller, of: id) }
    }
}
