import Postgres
import ServiceKit
import SharedModels

/// Making, reading and moving hires, as their parties do.
struct HireWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let book: HireBook
    let peers: any HirePeers
    let observer: HireObserver
    let hires = HireStore()

    /// A client hires an applicant. Of any number of calls for one job one succeeds.
    ///
    /// - Throws: `PeerRefusal` as jobs refuses, and `OutboundError` when it cannot be asked; ``HireError/jobIsTaken``.
    func create(
        for job: GigID, with freelancer: AccountID, amount: Money, by client: AccountID
    ) async throws -> Hire {
        let id = ContractID.make(at: clock.now)
        let hired: HiredJob
        do {
            hired = try await peers.hire(
                job, for: id, HiringInput(clientUserID: client, freelancerUserID: freelancer))
        } catch let refusal as PeerRefusal where refusal.code == .conflict {
            throw HireError.jobIsTaken
        }
        return try await database.transaction { tx in
            let parties = Parties(client: client, worker: freelancer)
            try await book.deals.requireStaying(parties, in: tx)
            let hire = try await book.add(
                { Hire(id: id, number: $0, of: hired, between: parties, for: amount, at: clock.now) }, in: tx)
            guard let hire else { throw HireError.jobIsTaken }
            return hire
        }
    }

    /// A party, or an admin, reads a hire.
    func get(_ id: ContractID, by caller: Principal) async throws -> (Hire, HireSurroundings) {
        guard let hire = try await hires.find(id, in: database),
            caller.isAdmin || hire.parties.role(of: caller.accountID) != nil
        else { throw HireError.notFound }
        return (hire, await observer.surroundings(jobs: [hire.jobID], people: hire.parties.all))
    }

    /// The hire of a client's job that is not canceled.
    func find(of job: GigID, by client: AccountID) async throws -> Hire? {
        let hire = try await hires.find(of: job, in: database)
        return hire?.parties.client == client ? hire : nil
    }

    /// A page of hires, newest first, with how many there are.
    func list(_ selection: HireSelection, from place: PagePlace) async throws -> HireList {
        let page = try await hires.page(of: selection, from: place, in: database)
        let count = try await hires.count(of: selection, in: database)
        let surroundings = await observer.surroundings(
            jobs: page.items.map(\.jobID), people: page.items.flatMap(\.parties.all))
        return HireList(page: page, count: count, surroundings: surroundings)
    }

    /// The freelancer approves. A repeat changes nothing.
    func approve(_ id: ContractID, by caller: AccountID, expecting check: VersionCheck) async throws -> Hire {
        try await database.transaction { tx in
            var (hire, role) = try await book.lock(id, for: caller, in: tx)
            if role == .worker, hire.isApproved, hire.status != .canceled { return hire }
            try check(hire.version)
            try hire.require(.approve, by: role)
            try hire.approve(at: clock.now)
            try await book.save(&hire, telling: .approved, in: tx)
            return hire
        }
    }

    /// The freelancer says how far the work is. `Started` changes nothing once it is that; before, it is refused, because
    /// a hire starts by itself.
    func set(
        _ status: CheckoutContractStatus, of id: ContractID, by caller: AccountID, expecting check: VersionCheck
    ) async throws -> Hire {
        try await database.transaction { tx in
            var (hire, role) = try await book.lock(id, for: caller, in: tx)
            guard role == .worker else { throw HireError.notYours(.updateStatus) }
            if status == .started, hire.status == .started { return hire }
            try check(hire.version)
            guard hire.settable.contains(status), let event = status.cause else {
                let allowed = hire.settable.map(\.rawValue)
                if status == .canceled, hire.status.allows(.cancel) { throw HireError.isPaid(allowed: allowed) }
                throw HireError.notSettable(status, from: hire.status, allowed: allowed)
            }
            if event == .cancel {
                let reason = HireCancellation(by: .freelancer, reason: "", description: "")
                try hire.cancel(reason, isDeleted: false, at: clock.now)
            } else {
                try hire.move(event, at: clock.now)
            }
            try await book.save(&hire, telling: event == .cancel ? .canceled : .progressed, in: tx)
            return hire
        }
    }

    /// A party cancels a hire that is not paid.
    func cancel(
        _ id: ContractID, reason: String, description: String, by caller: AccountID, expecting check: VersionCheck
    ) async throws {
        try await database.transaction { tx in
            var (hire, role) = try await book.lock(id, for: caller, in: tx)
            try check(hire.version)
            try hire.require(.cancel, by: role)
            let by: CheckoutCanceller = role == .client ? .client : .freelancer
            try hire.cancel(
                HireCancellation(by: by, reason: reason, description: description), isDeleted: true, at: clock.now)
            try await book.save(&hire, telling: .canceled, in: tx)
        }
    }

    /// The client asks for the release of a completed hire's money.
    func requestRelease(of id: ContractID, by caller: AccountID, expecting check: VersionCheck) async throws {
        try await database.transaction { tx in
            var (hire, role) = try await book.lock(id, for: caller, in: tx)
            try check(hire.version)
            try hire.require(.releaseFund, by: role)
            hire.release = try hire.release.applying(.request)
            try await book.save(&hire, telling: .releaseRequested, in: tx)
        }
    }
}

/// A page of hires with what is around them.
struct HireList: Sendable {
    let page: Page<Hire>
    /// On all pages.
    let count: Int
    let surroundings: HireSurroundings
}
