import Postgres
import ServiceKit
import SharedModels

/// What callers can ask about applications.
struct ApplicationWorkflow: Sendable {
    let database: Database
    let outbox: Outbox
    let gigs: GigStore
    let applications: ApplicationStore
    let engagements: EngagementStore
    let peers: Peers

    /// A freelancer applies to an active gig, once.
    func apply(to gig: GigID, message: String?, by caller: AccountID, at now: Timestamp) async throws -> Application {
        let application = Application(
            id: .make(at: now), gigID: gig, workerID: caller, message: message, status: .applied, version: 1,
            createdAt: now, updatedAt: now)
        let event = application.event(.applicationCreated, to: [caller])
        let attempt = try await applications.apply(application, announcing: event, outbox: outbox, in: database)
        guard let attempt else { throw JobsError.gigNotFound(gig) }
        if attempt.isMade {
            outbox.wake()
            return application
        }
        if attempt.ownerID == caller { throw JobsError.ownGig(gig) }
        switch attempt.gigStatus {
        case .active: throw JobsError.alreadyApplied(gig)
        case .closed: throw JobsError.gigNotActive(gig)
        // A stranger does not learn that a draft exists.
        case .draft: throw JobsError.gigNotFound(gig)
        }
    }

    /// The applications to the caller's gig, each with the applicant's profile.
    func received(
        by gig: GigID, _ status: ApplicationStatus?, owner: AccountID, after cursor: PageCursor?, limit: Int
    ) async throws -> [(application: Application, worker: PublicProfile)] {
        guard let found = try await gigs.get(gig, in: database), found.isVisible(to: owner) else {
            throw JobsError.gigNotFound(gig)
        }
        guard found.ownerID == owner else { throw JobsError.notTheOwner(owner, of: gig) }
        let page = try await applications.received(by: gig, status, after: cursor, limit: limit + 1, in: database)
        let profiles = try await profiles(of: page.map(\.workerID))
        return page.compactMap { application in profiles[application.workerID].map { (application, $0) } }
    }

    /// The owner shortlists or rejects an applicant.
    func decide(
        _ id: ApplicationID, of gig: GigID, _ decision: ApplicationStatus, by caller: AccountID, at now: Timestamp,
        if check: (Int64) throws -> Void
    ) async throws -> Application {
        try await database.transaction { tx in
            guard let found = try await gigs.get(gig, in: tx), found.isVisible(to: caller) else {
                throw JobsError.gigNotFound(gig)
            }
            guard found.ownerID == caller else { throw JobsError.notTheOwner(caller, of: gig) }
            guard let application = try await applications.lock(id, of: gig, in: tx) else {
                throw JobsError.applicationNotFound(id)
            }
            try check(application.version)
            guard let decided = application.deciding(decision, at: now) else { return application }
            if application.status == .shortlisted, try await engagements.hasLive(application: id, at: now, in: tx) {
                throw JobsError.shortlistInUse(id)
            }
            try await applications.save(decided, in: tx)
            try await outbox.append(
                decided.event(.applicationUpdated, to: [caller, application.workerID]), in: tx)
            return decided
        }
    }

    func own(
        of caller: AccountID, _ status: ApplicationStatus?, to gig: GigID?, after cursor: PageCursor?, limit: Int
    ) async throws -> [(application: Application, gigTitle: String, engagement: Engagement?)] {
        try await applications.own(of: caller, status, to: gig, after: cursor, limit: limit + 1, in: database)
    }

    private func profiles(of workers: [AccountID]) async throws -> [AccountID: PublicProfile] {
        guard !workers.isEmpty else { return [:] }
        var found: [AccountID: PublicProfile] = [:]
        // A page of 100 and its look-ahead row are more than one question takes.
        for start in stride(from: 0, to: workers.count, by: 100) {
            let part = Array(workers[start..<min(start + 100, workers.count)])
            let batch = try await peers.call(TalentInternal.profiles, ProfileQuery(userIDs: part))
            for profile in batch.profiles { found[profile.userID] = profile }
        }
        return found
    }
}
