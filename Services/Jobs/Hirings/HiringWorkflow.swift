import Postgres
import ServiceKit
import SharedModels

/// Contracts' requests and news about contracts for jobs.
struct HiringWorkflow: Sendable {
    /// How many applications follow a contract in one transaction.
    private static let batch = 100

    let database: Database
    let clock: any DomainClock
    let outbox: Outbox
    let scheduler: Scheduler
    let jobs: JobStore
    let applications: JobApplicationStore
    let hirings: HiringStore

    func register(on scheduler: Scheduler) {
        scheduler.on(SettleApplications.self) { work in
            try await database.transaction { tx in try await settle(work.subject, in: tx) }
        }
    }

    /// Reserves an open job for a contract with one of its applicants. A repeat with the same contract is harmless, also
    /// when the contract has been made.
    ///
    /// - Throws: 404 for a job that does not exist; 403 for somebody else's; 400 when the job is not open or the freelancer
    ///   has not applied; 409 while it is reserved for another contract.
    func hire(_ id: GigID, for contract: ContractID, _ input: HiringInput, at now: Timestamp) async throws -> Job {
        try await database.transaction { tx in
            let job = try await lock(id, of: input.clientUserID, in: tx)
            let freelancer = input.freelancerUserID
            if try await hirings.isConfirmed(contract, of: id, with: freelancer, in: tx) { return job }
            try await check(job, for: contract, with: freelancer, at: now, in: tx)
            try await hirings.reserve(id, for: contract, with: freelancer, at: now, in: tx)
            return job
        }
    }

    /// The job, when a contract could be made for it now.
    ///
    /// - Throws: As ``hire(_:for:_:at:)`` does.
    func hireable(_ id: GigID, _ input: HiringInput, at now: Timestamp) async throws -> Job {
        try await database.transaction { tx in
            let job = try await lock(id, of: input.clientUserID, in: tx)
            try await check(job, for: nil, with: input.freelancerUserID, at: now, in: tx)
            return job
        }
    }

    private func lock(_ id: GigID, of client: AccountID, in tx: Transaction) async throws -> Job {
        guard let job = try await jobs.lock(id, in: tx) else { throw JobError.notFound(id) }
        guard job.clientID == client else { throw JobError.notTheOwner(client, of: id) }
        return job
    }

    private func check(
        _ job: Job, for contract: ContractID?, with freelancer: AccountID, at now: Timestamp, in tx: Transaction
    ) async throws {
        guard job.status == .open else { throw JobError.notOpen(job.id) }
        guard try await applications.exists(of: freelancer, to: job.id, in: tx) else {
            throw HiringError.noApplicant(freelancer, of: job.id)
        }
        guard try await !hirings.isBound(job.id, butBy: contract, at: now, in: tx) else {
            throw HiringError.alreadyReserved(job.id)
        }
    }

    /// Jobs in any status. Those that do not exist are left out.
    func jobs(_ ids: [GigID]) async throws -> [Job] {
        guard !ids.isEmpty else { return [] }
        return try await jobs.find(ids, in: database)
    }

    /// Contracts tells of a contract: its job and the applications to it follow. News that comes again or late changes
    /// nothing, nor does news of a job that was deleted with its client's account.
    func follow(_ hiring: Hiring, at now: Timestamp, in tx: Transaction) async throws {
        guard let job = try await jobs.lock(hiring.jobID, in: tx),
            case .isLatest(let before) = try await hirings.save(hiring, in: tx)
        else { return }
        // Whatever the client made of the job since the contract reached this stage stays.
        guard before?.stage != hiring.stage || before?.hasStarted != hiring.hasStarted else { return }
        if before?.stage != hiring.stage, let changed = job.following(hiring, at: now) {
            try await jobs.save(changed, in: tx)
            try await outbox.append(changed.announcement(GigUpdated.self), in: tx)
        }
        try await settle(job.id, in: tx)
    }

    /// Gives the applications to a job the status that follows from its latest contract, a batch of them now and the
    /// others soon. All of it can be repeated.
    private func settle(_ id: GigID, in tx: Transaction) async throws {
        guard let job = try await jobs.lock(id, in: tx), let hiring = try await hirings.latest(of: id, in: tx) else {
            return
        }
        let unsettled = try await applications.lock(unsettledBy: hiring, limit: Self.batch, in: tx)
        for application in unsettled {
            guard
                let settled = application.settling(
                    hiring.status(ofApplicationOf: application.freelancerID), at: clock.now)
            else { continue }
            try await applications.save(settled, in: tx)
            try await outbox.append(
                settled.change(of: job.title, to: [job.clientID, settled.freelancerID]), in: tx)
        }
        if unsettled.count == Self.batch {
            try await scheduler.schedule(SettleApplications(id), at: clock.now, in: tx)
        }
    }
}

/// More applications follow the latest contract of their job.
struct SettleApplications: WorkOnSubject {
    static let kind = "job.applications.settle"
    let subject: GigID
}
