import Postgres
import ServiceKit
import SharedModels

/// Callers' requests about applications to jobs.
struct JobApplicationWorkflow: Sendable {
    let database: Database
    let outbox: Outbox
    let jobs: JobStore
    let applications: JobApplicationStore
    let hirings: HiringStore

    /// A freelancer applies to an open job, once.
    func apply(
        to id: GigID, _ input: JobApplicationInput, by caller: AccountID, at now: Timestamp
    ) async throws -> JobApplication {
        let application = JobApplication(
            id: .make(at: now), jobID: id, freelancerID: caller, coverLetter: input.coverLetter,
            proposedRate: input.proposedRate?.money, createdAt: now, updatedAt: now)
        try await database.transaction { tx in
            guard let job = try await jobs.lock(id, in: tx) else { throw JobError.notFound(id) }
            guard job.clientID != caller else { throw JobApplicationError.ownJob(id) }
            guard job.status == .open else { throw JobError.notOpen(id) }
            guard try await applications.insertIfAbsent(application, in: tx) else {
                throw JobApplicationError.alreadyApplied(id)
            }
            try await jobs.count(1, applicantsTo: id, in: tx)
            try await outbox.append(application.creation(of: job.title, to: [job.clientID, caller]), in: tx)
        }
        return application
    }

    /// The freelancer withdraws a pending application. It is gone then, and the freelancer may apply again.
    func withdraw(_ id: ApplicationID, by caller: AccountID, at now: Timestamp) async throws {
        guard let found = try await applications.find(id, in: database), found.freelancerID == caller else {
            throw JobApplicationError.notFound(id)
        }
        try await database.transaction { tx in
            guard let job = try await jobs.lock(found.jobID, in: tx),
                let application = try await applications.lock(id, in: tx)
            else { throw JobApplicationError.notFound(id) }
            guard application.status == .pending else { throw JobApplicationError.decided(application.status) }
            guard try await !hirings.isBound(job.id, to: caller, at: now, in: tx) else {
                throw JobApplicationError.inUse(id)
            }
            try await remove(application, from: job, at: now, in: tx)
        }
    }

    /// Removes an application and tells both sides. The job and the application are locked.
    private func remove(_ application: JobApplication, from job: Job, at now: Timestamp, in tx: Transaction)
        async throws
    {
        try await applications.delete(application.id, in: tx)
        try await jobs.count(-1, applicantsTo: job.id, in: tx)
        try await outbox.append(
            application.withdrawing(at: now).change(of: job.title, to: [job.clientID, application.freelancerID]), in: tx
        )
    }

    /// A page of a freelancer's own applications, each with its job.
    func page(
        of freelancer: AccountID, _ page: PageNumber
    ) async throws -> NumberedPage<(application: JobApplication, job: Job)> {
        let found = try await applications.page(of: freelancer, page, in: database)
        let jobs = try await jobs.find(found.items.map(\.jobID), in: database)
        let jobOf = Dictionary(uniqueKeysWithValues: jobs.map { ($0.id, $0) })
        // A job goes with its applications, so each is there unless it went just now.
        return found.compactMap { application in jobOf[application.jobID].map { (application, $0) } }
    }

    /// A page of the applications to the caller's job.
    ///
    /// - Throws: 404, and 403 for somebody else's job.
    func page(
        to id: GigID, by caller: AccountID, _ page: PageNumber
    ) async throws -> (job: Job, applications: NumberedPage<JobApplication>) {
        guard let job = try await jobs.find(id, in: database) else { throw JobError.notFound(id) }
        guard job.clientID == caller else { throw JobError.notTheOwner(caller, of: id) }
        return (job, try await applications.page(to: id, page, in: database))
    }

    /// The application of a freelancer to a job, for that freelancer and the job's client.
    ///
    /// - Throws: 404 for a job that does not exist, 403 for everybody else.
    func state(
        of freelancer: AccountID, to id: GigID, by caller: AccountID
    ) async throws -> JobApplication? {
        guard let job = try await jobs.find(id, in: database) else { throw JobError.notFound(id) }
        guard [freelancer, job.clientID].contains(caller) else { throw JobApplicationError.notYours(id) }
        return try await applications.find(of: freelancer, to: id, in: database)
    }
}
