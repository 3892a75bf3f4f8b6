import Postgres
import ServiceKit
import SharedModels

/// Callers' requests about applications.
struct ApplicationWorkflow: Sendable {
    let database: Database
    let outbox: Outbox
    let gigs: GigStore
    let applications: ApplicationStore
    let engagements: EngagementStore
    let refresh: EngagementRefresh
    let peers: any JobsPeers

    /// A freelancer applies to an active gig, once.
    func apply(to gig: GigID, message: String?, by caller: AccountID, at now: Timestamp) async throws -> Application {
        let application = Application(
            id: .make(at: now), gigID: gig, workerID: caller, message: message, status: .applied, version: 1,
            createdAt: now, updatedAt: now)
        let attempt = try await applications.apply(
            application, announcing: application.creation, outbox: outbox, in: database)
        guard let attempt else { throw GigError.notFound(gig) }
        if attempt.isMade {
            outbox.wake()
            return application
        }
        if attempt.ownerID == caller { throw ApplicationError.ownGig(gig) }
        switch attempt.gigStatus {
        case .active: throw ApplicationError.alreadyApplied(gig)
        case .closed: throw GigError.notActive(gig)
        // Other people must not learn that a draft exists.
        case .draft: throw GigError.notFound(gig)
        }
    }

    /// A page of the applications to the caller's gig, each with the applicant's profile.
    ///
    /// Applications of deleted accounts are left out, so the page can be shorter than `limit`.
    func page(
        to gig: GigID, in status: ApplicationStatus?, by caller: AccountID, after cursor: PageCursor?, limit: Int,
        at now: Timestamp
    ) async throws -> Page<(application: Application, worker: PublicProfile)> {
        guard let found = try await gigs.find(gig, in: database), found.isVisible(to: caller) else {
            throw GigError.notFound(gig)
        }
        guard found.ownerID == caller else { throw GigError.notTheOwner(caller, of: gig) }
        let page = try await applications.page(
            to: gig, in: status, after: cursor, limit: limit, at: now, in: database)
        let profiles = try await profiles(of: page.items.map(\.workerID))
        return page.compactMap { application in profiles[application.workerID].map { (application, $0) } }
    }

    /// The owner shortlists or rejects an applicant.
    func decide(
        _ id: ApplicationID, of gig: GigID, _ decision: ApplicationStatus, by caller: AccountID, at now: Timestamp,
        expecting check: VersionCheck
    ) async throws -> Application {
        try await refresh(gig, of: caller)
        return try await database.transaction { tx in
            guard let found = try await gigs.find(gig, in: tx), found.isVisible(to: caller) else {
                throw GigError.notFound(gig)
            }
            guard found.ownerID == caller else { throw GigError.notTheOwner(caller, of: gig) }
            guard var application = try await applications.lock(id, of: gig, in: tx) else {
                throw ApplicationError.notFound(id)
            }
            try check(application.version)
            // The locking statement cannot read this: while it waits, an engagement may appear that it does not see.
            application.isEngaged = try await engagements.hasLive(application: id, at: now, in: tx)
            guard let decided = application.deciding(decision, at: now) else { return application }
            guard !application.isHeld else { throw ApplicationError.shortlistInUse(id) }
            try await applications.save(decided, in: tx)
            try await outbox.append(decided.change(of: found.title, to: [caller, application.workerID]), in: tx)
            return decided
        }
    }

    /// The worker withdraws an application that nobody is negotiating about, whatever the owner decided. It is gone then,
    /// and the worker may apply again.
    ///
    /// - Throws: 403 for the gig's owner, 404 for everybody else.
    func withdraw(
        _ id: ApplicationID, by caller: AccountID, at now: Timestamp, expecting check: VersionCheck
    ) async throws {
        guard let application = try await applications.find(id, in: database),
            let gig = try await gigs.find(application.gigID, in: database)
        else { throw ApplicationError.notFound(id) }
        guard application.workerID == caller else {
            throw gig.ownerID == caller ? ApplicationError.notYours(id) : .notFound(id)
        }
        try await refresh(gig.id, of: gig.ownerID)
        try await database.transaction { tx in
            guard let application = try await applications.lock(id, of: gig.id, in: tx) else {
                throw ApplicationError.notFound(id)
            }
            try check(application.version)
            guard try await !engagements.hasLive(application: id, at: now, in: tx) else {
                throw ApplicationError.inUse(id)
            }
            try await engagements.detach(from: id, in: tx)
            try await applications.delete(id, in: tx)
            try await outbox.append(
                application.withdrawing(at: now).change(of: gig.title, to: [gig.ownerID, caller]), in: tx)
        }
    }

    /// A page of the caller's own applications.
    func page(
        of caller: AccountID, in status: ApplicationStatus?, to gig: GigID?, after cursor: PageCursor?, limit: Int,
        at now: Timestamp
    ) async throws -> Page<OwnedApplication> {
        try await applications.page(
            of: caller, in: status, to: gig, after: cursor, limit: limit, at: now, in: database)
    }

    private func profiles(of workers: [AccountID]) async throws -> [AccountID: PublicProfile] {
        guard !workers.isEmpty else { return [:] }
        let found = try await peers.profiles(of: workers)
        return Dictionary(found.map { ($0.userID, $0) }) { first, _ in first }
    }
}
