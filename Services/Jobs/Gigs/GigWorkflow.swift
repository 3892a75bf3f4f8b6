import Postgres
import ServiceKit
import SharedModels

/// Callers' requests about gigs.
struct GigWorkflow: Sendable {
    let database: Database
    let outbox: Outbox
    let gigs: GigStore
    let applications: ApplicationStore
    let engagements: EngagementStore
    let refresh: EngagementRefresh

    func create(_ input: GigInput, by caller: AccountID, at now: Timestamp) async throws -> Gig {
        let gig = Gig(
            id: .make(at: now), ownerID: caller, title: input.title, description: input.description,
            scope: input.scope, rate: input.rateCents.map(Money.usd(cents:)), status: input.status ?? .draft,
            version: 1,
            createdAt: now, updatedAt: now)
        try await database.transaction { tx in
            try await gigs.insert(gig, in: tx)
            try await outbox.append(gig.announcement(GigCreated.self), in: tx)
        }
        return gig
    }

    /// - Throws: 404 also for somebody else's draft or closed gig.
    func get(_ id: GigID, by caller: AccountID) async throws -> Gig {
        guard let gig = try await gigs.find(id, in: database), gig.isVisible(to: caller) else {
            throw GigError.notFound(id)
        }
        return gig
    }

    func page(
        of listing: GigListing, by caller: AccountID, after cursor: PageCursor?, limit: Int
    ) async throws -> Page<ListedGig> {
        switch listing {
        case .active: try await gigs.activePage(after: cursor, limit: limit, in: database)
        case .own(let status):
            try await gigs.page(of: caller, in: status, after: cursor, limit: limit, in: database)
        case .waiting: try await gigs.waitingPage(of: caller, after: cursor, limit: limit, in: database)
        }
    }

    /// How many have applied to each gig of a page.
    ///
    /// - Returns: `nil` unless the list has the caller's own gigs alone: it is nobody else's matter.
    func applicationCounts(to gigs: [GigID], in listing: GigListing) async throws -> [ApplicationCount]? {
        switch listing {
        case .active: nil
        case .own, .waiting: try await applications.counts(of: gigs, in: database)
        }
    }

    /// Changes the caller's gig. If nothing changes, nothing is saved or announced.
    func update(
        _ id: GigID, _ update: GigUpdate, by caller: AccountID, at now: Timestamp, expecting check: VersionCheck
    ) async throws -> Gig {
        try await database.transaction { tx in
            let gig = try await lockOwned(id, by: caller, in: tx)
            try check(gig.version)
            let changed = gig.applying(update, at: now)
            guard changed.version != gig.version else { return gig }
            try await gigs.save(changed, in: tx)
            try await outbox.append(changed.announcement(GigUpdated.self), in: tx)
            return changed
        }
    }

    /// Deletes a gig with its applications, unless a deal depends on it.
    func delete(
        _ id: GigID, by caller: AccountID, at now: Timestamp, expecting check: VersionCheck
    ) async throws {
        try await refresh(id, of: caller)
        try await database.transaction { tx in
            var gig = try await lockOwned(id, by: caller, in: tx)
            try check(gig.version)
            guard try await !engagements.hasLive(gig: id, at: now, in: tx) else { throw GigError.dealUnderWay(id) }
            gig.version += 1
            gig.updatedAt = now
            try await gigs.delete(id, in: tx)
            try await outbox.append(gig.announcement(GigDeleted.self), in: tx)
        }
    }

    private func lockOwned(_ id: GigID, by caller: AccountID, in tx: Transaction) async throws -> Gig {
        guard let gig = try await gigs.lock(id, in: tx), gig.isVisible(to: caller) else {
            throw GigError.notFound(id)
        }
        guard gig.ownerID == caller else { throw GigError.notTheOwner(caller, of: id) }
        return gig
    }
}
