import Postgres
import SharedModels

/// The statements on jobs, which are the rows of the table `gigs` with the flow `escrow_checkout`, except those of lists
/// and departures.
struct JobStore: Sendable {
    static let columns: SQL = """
        gigs.id, owner_id, title, description, rate_cents, experience_level, location, category_id, skill_ids, start_at,
        end_at, applicants, hired_freelancer_id, job_status, version, gigs.created_at, gigs.updated_at
        """
    /// Part of every statement, spelled out, because the indexes of the lists hold this flow alone.
    static let isJob: SQL = "gigs.flow = 'escrow_checkout'"

    func insert(_ job: Job, in tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO gigs
                (flow, id, owner_id, title, description, rate_cents, experience_level, location, category_id, skill_ids,
                 start_at, end_at, applicants, hired_freelancer_id, job_status, status, version, created_at, updated_at)
            VALUES (\(DealFlow.escrowCheckout), \(job.id), \(job.clientID), \(job.title), \(job.description), \(job.rate.minorUnits),
                    \(job.experienceLevel), \(job.location), \(job.categoryID), \(job.skillIDs), \(job.startAt),
                    \(job.endAt), \(job.applicants), \(job.hiredFreelancerID), \(job.status), \(job.status.gigStatus),
                    \(job.version), \(job.createdAt), \(job.updatedAt))
            """)
    }

    func find(_ id: GigID, in executor: some SQLExecutor) async throws -> Job? {
        try await find([id], in: executor).first
    }

    /// Those that exist, in any order.
    func find(_ ids: [GigID], in executor: some SQLExecutor) async throws -> [Job] {
        try await executor.all(
            "SELECT \(fragment: Self.columns) FROM gigs WHERE id = ANY(\(ids)) AND \(fragment: Self.isJob)",
            Job.init(row:))
    }

    func lock(_ id: GigID, in tx: Transaction) async throws -> Job? {
        try await tx.first(
            "SELECT \(fragment: Self.columns) FROM gigs WHERE id = \(id) AND \(fragment: Self.isJob) FOR UPDATE",
            Job.init(row:))
    }

    func save(_ job: Job, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE gigs
               SET title = \(job.title), description = \(job.description), rate_cents = \(job.rate.minorUnits),
                   experience_level = \(job.experienceLevel), location = \(job.location),
                   category_id = \(job.categoryID), skill_ids = \(job.skillIDs), start_at = \(job.startAt),
                   end_at = \(job.endAt), hired_freelancer_id = \(job.hiredFreelancerID), job_status = \(job.status),
                   status = \(job.status.gigStatus), version = \(job.version), updated_at = \(job.updatedAt)
             WHERE id = \(job.id)
            """)
    }

    /// Counts one applicant more, or one less. It is no change of the job: its version stays.
    func count(_ change: Int, applicantsTo id: GigID, in tx: Transaction) async throws {
        try await tx.execute("UPDATE gigs SET applicants = applicants + \(change) WHERE id = \(id)")
    }
}

extension Job {
    init(row: Row) throws {
        self.init(
            id: try row.decode("id"), clientID: try row.decode("owner_id"), title: try row.decode("title"),
            description: try row.decode("description"), rate: .inr(paise: try row.decode("rate_cents")),
            experienceLevel: try row.decode("experience_level"), location: try row.decode("location"),
            categoryID: try row.decode("category_id"), skillIDs: try row.decode("skill_ids"),
            startAt: try row.decode("start_at"), endAt: try row.decode("end_at"),
            applicants: try row.decode("applicants"), hiredFreelancerID: try row.decode("hired_freelancer_id"),
            status: try row.decode("job_status"), version: try row.decode("version"),
            createdAt: try row.decode("created_at"), updatedAt: try row.decode("updated_at"))
    }
}

extension JobStatus: PostgresValue {}
extension ExperienceLevel: PostgresValue {}
