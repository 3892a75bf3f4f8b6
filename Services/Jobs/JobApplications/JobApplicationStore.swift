import Postgres
import SharedModels

/// The statements on applications to jobs, which are the rows of the table `applications` with the flow `escrow_checkout`,
/// except those about departures.
struct JobApplicationStore: Sendable {
    static let columns: SQL = """
        a.id, a.gig_id, a.worker_id, a.message, a.proposed_rate, a.status, a.version, a.created_at, a.updated_at
        """
    static let isToJob: SQL = "a.flow = 'escrow_checkout'"

    /// - Returns: `false` when the freelancer has applied already.
    func insertIfAbsent(_ application: JobApplication, in tx: Transaction) async throws -> Bool {
        try await tx.execute(
            """
            INSERT INTO applications
                (flow, id, gig_id, worker_id, message, proposed_rate, status, version, created_at, updated_at)
            VALUES (\(DealFlow.escrowCheckout), \(application.id), \(application.jobID), \(application.freelancerID),
                    \(application.coverLetter), \(application.proposedRate?.minorUnits), \(application.status.stored),
                    \(application.version), \(application.createdAt), \(application.updatedAt))
            ON CONFLICT ON CONSTRAINT one_application_per_worker DO NOTHING
            """) == 1
    }

    func find(_ id: ApplicationID, in executor: some SQLExecutor) async throws -> JobApplication? {
        try await executor.first(
            "SELECT \(fragment: Self.columns) FROM applications a WHERE a.id = \(id) AND \(fragment: Self.isToJob)",
            JobApplication.init(row:))
    }

    func find(
        of freelancer: AccountID, to job: GigID, in executor: some SQLExecutor
    ) async throws -> JobApplication? {
        try await executor.first(
            """
            SELECT \(fragment: Self.columns) FROM applications a
             WHERE a.gig_id = \(job) AND a.worker_id = \(freelancer) AND \(fragment: Self.isToJob)
            """, JobApplication.init(row:))
    }

    func exists(of freelancer: AccountID, to job: GigID, in tx: Transaction) async throws -> Bool {
        try await find(of: freelancer, to: job, in: tx) != nil
    }

    func lock(_ id: ApplicationID, in tx: Transaction) async throws -> JobApplication? {
        try await tx.first(
            """
            SELECT \(fragment: Self.columns) FROM applications a
             WHERE a.id = \(id) AND \(fragment: Self.isToJob) FOR UPDATE
            """, JobApplication.init(row:))
    }

    /// Applications that are not in the status that follows from their job's latest contract. The job must be locked.
    func lock(unsettledBy hiring: Hiring, limit: Int, in tx: Transaction) async throws -> [JobApplication] {
        let chosen = hiring.status(ofApplicationOf: hiring.freelancerID).stored
        let others = hiring.statusOfOthers.stored
        return try await tx.all(
            """
            SELECT \(fragment: Self.columns) FROM applications a
             WHERE a.gig_id = \(hiring.jobID) AND \(fragment: Self.isToJob)
               AND a.status <> CASE a.worker_id WHEN \(hiring.freelancerID) THEN \(chosen) ELSE \(others) END
             ORDER BY a.worker_id <> \(hiring.freelancerID), a.id LIMIT \(limit) FOR UPDATE
            """, JobApplication.init(row:))
    }

    /// A page of a freelancer's applications, the newest first. They are counted up to ``JobBoardStore/longestCount``.
    func page(
        of freelancer: AccountID, _ page: PageNumber, in executor: some SQLExecutor
    ) async throws -> NumberedPage<JobApplication> {
        try await self.page("a.worker_id = \(freelancer)", page, in: executor)
    }

    /// A page of the applications to a job, the newest first. They are counted up to ``JobBoardStore/longestCount``.
    func page(
        to job: GigID, _ page: PageNumber, in executor: some SQLExecutor
    ) async throws -> NumberedPage<JobApplication> {
        try await self.page("a.gig_id = \(job)", page, in: executor)
    }

    private func page(
        _ whose: SQL, _ page: PageNumber, in executor: some SQLExecutor
    ) async throws -> NumberedPage<JobApplication> {
        let total: Int = try await executor.one(
            """
            SELECT count(*) AS count
              FROM (SELECT FROM applications a WHERE \(fragment: whose) AND \(fragment: Self.isToJob)
                     LIMIT \(JobBoardStore.longestCount)) AS found
            """
        ) { try $0.decode("count") }
        guard page.offset < total else { return NumberedPage([], total: total, page) }
        let rows = try await executor.all(
            """
            SELECT \(fragment: Self.columns) FROM applications a WHERE \(fragment: whose) AND \(fragment: Self.isToJob)
             ORDER BY a.created_at DESC, a.id DESC OFFSET \(page.offset) LIMIT \(page.limit)
            """, JobApplication.init(row:))
        return NumberedPage(rows, total: total, page)
    }

    func save(_ application: JobApplication, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE applications
               SET status = \(application.status.stored), version = \(application.version),
                   updated_at = \(application.updatedAt)
             WHERE id = \(application.id)
            """)
    }

    func delete(_ id: ApplicationID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM applications WHERE id = \(id)")
    }
}

extension JobApplication {
    init(row: Row) throws {
        self.init(
            id: try row.decode("id"), jobID: try row.decode("gig_id"), freelancerID: try row.decode("worker_id"),
            coverLetter: try row.decode("message"),
            proposedRate: try row.decodeIfPresent("proposed_rate", as: Int64.self).map(Money.inr(paise:)),
            status: JobApplicationStatus(stored: try row.decode("status")), version: try row.decode("version"),
            createdAt: try row.decode("created_at"), updatedAt: try row.decode("updated_at"))
    }
}
