import Postgres
import ServiceKit
import TestSupport

@testable import JobsService
@testable import SharedModels

/// A contract about a job as contracts sees it. It sends the events to jobs.
struct ToldContract: Sendable {
    var id = ContractID.make(at: .start)
    let job: GigID
    let client: AccountID
    let freelancer: AccountID
    var status = CheckoutContractStatus.pending
    var release = ReleaseFundStatus.notRequested
    var version: Int64 = 1
    var createdAt = Timestamp.start

    var content: CheckoutContract {
        CheckoutContract(
            contractID: id, number: "CON12345678", jobID: job, jobTitle: "Compiler work", clientUserID: client,
            freelancerUserID: freelancer, amount: 50_000, status: status, isApproved: false, isPaid: false,
            releaseFundStatus: release, version: version, createdAt: createdAt, updatedAt: createdAt)
    }

    /// The same contract after another change.
    func then(_ status: CheckoutContractStatus, _ release: ReleaseFundStatus = .notRequested) -> Self {
        var next = self
        (next.status, next.release, next.version) = (status, release, version + 1)
        return next
    }
}

extension Market {
    /// A job as it is stored, whatever the surface would say.
    func storeJob(_ status: JobStatus = .open, rate: Int64 = 50_000, by client: AccountID? = nil) async throws -> Job {
        var job = Job(
            id: .make(at: clock.now), clientID: client ?? owner, title: "Compiler work", description: "All of it",
            rate: .inr(paise: rate), experienceLevel: .expert, location: "Pune", categoryID: try await storeCategory(),
            skillIDs: [.make(at: clock.now)], createdAt: clock.now, updatedAt: clock.now)
        job.status = status
        return try await database.transaction { [job] tx in
            try await JobStore().insert(job, in: tx)
            return job
        }
    }

    private func storeCategory() async throws -> CategoryID {
        let id = CategoryID.make(at: clock.now)
        try await database.execute(
            """
            INSERT INTO categories (id, name, normal, created_at, updated_at)
            VALUES (\(id), \("\(id)"), \("\(id)"), \(clock.now), \(clock.now))
            """)
        return id
    }

    @discardableResult
    func storeApplication(
        to job: GigID, by freelancer: AccountID? = nil, _ status: JobApplicationStatus = .pending
    ) async throws -> JobApplication {
        let application = JobApplication(
            id: .make(at: clock.now), jobID: job, freelancerID: freelancer ?? worker, coverLetter: "I can do it",
            proposedRate: nil, status: status, createdAt: clock.now, updatedAt: clock.now)
        _ = try await database.transaction { tx in
            try await JobApplicationStore().insertIfAbsent(application, in: tx)
        }
        return application
    }

    @discardableResult
    func hire(
        _ job: GigID, for contract: ContractID = .make(at: .start), _ freelancer: AccountID? = nil,
        by client: AccountID? = nil
    ) async throws -> Job {
        try await hirings.hire(
            job, for: contract, HiringInput(clientUserID: client ?? owner, freelancerUserID: freelancer ?? worker),
            at: clock.now)
    }

    @discardableResult
    func hireable(_ job: GigID) async throws -> Job {
        try await hirings.hireable(
            job, HiringInput(clientUserID: owner, freelancerUserID: worker), at: clock.now)
    }

    @discardableResult
    func tell(_ contract: ToldContract, id: EventID = .make(at: .start)) async throws -> EventID {
        try await tell(
            CheckoutContractChanged.label, of: EventAggregate(contract.id.uuid), sequence: contract.version,
            try JSONValue(encoding: contract.content), id: id)
    }

    /// The job as it is stored.
    func job(_ id: GigID) async throws -> Job? { try await hirings.jobs([id]).first }

    /// The status of each application to the job, by its freelancer.
    func applicants(to job: GigID) async throws -> [AccountID: JobApplicationStatus] {
        let rows = try await database.all(
            "SELECT \(fragment: JobApplicationStore.columns) FROM applications a WHERE gig_id = \(job)",
            JobApplication.init(row:))
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.freelancerID, $0.status) })
    }
}
