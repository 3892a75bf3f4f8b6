import Postgres
import SharedModels

/// The data of a deleted account in gigs and applications.
struct DepartureStore: Sendable {
    /// Closes an account's gigs and removes its own texts from them. The title stays, because other people's
    /// applications and contracts show it.
    func closeGigs(of owner: AccountID, at now: Timestamp, in executor: some SQLExecutor) async throws {
        try await executor.execute(
            """
            UPDATE gigs
               SET status = 'closed', description = NULL, scope = NULL, version = version + 1,
                   updated_at = \(now)
             WHERE owner_id = \(owner) AND \(fragment: GigStore.isGig)
               AND (status <> 'closed' OR description IS NOT NULL OR scope IS NOT NULL)
            """)
    }

    /// The same of an account's jobs.
    func closeJobs(of client: AccountID, at now: Timestamp, in executor: some SQLExecutor) async throws {
        try await executor.execute(
            """
            UPDATE gigs
               SET status = 'closed', job_status = 'Closed', description = '', location = '', version = version + 1,
                   updated_at = \(now)
             WHERE owner_id = \(client) AND \(fragment: JobStore.isJob)
               AND (job_status <> 'Closed' OR description <> '' OR location <> '')
            """)
    }

    /// Deletes the gigs and jobs without applications. Call it when they are closed, because then no application can be added.
    func removeUnseenGigs(of owner: AccountID, in executor: some SQLExecutor) async throws {
        try await executor.execute(
            """
            DELETE FROM gigs
             WHERE owner_id = \(owner) AND status = 'closed'
               AND NOT EXISTS (SELECT FROM applications WHERE applications.gig_id = gigs.id)
            """)
    }

    /// Removes an account's texts from its applications.
    func eraseMessages(of worker: AccountID, in executor: some SQLExecutor) async throws {
        try await executor.execute(
            "UPDATE applications SET message = NULL WHERE worker_id = \(worker) AND message IS NOT NULL")
    }

    /// An open application, and the gig or job that it belongs to.
    struct Waiting: Sendable {
        let flow: DealFlow
        let id: ApplicationID
        let gigID: GigID
        let ownerID: AccountID
        let gigTitle: String
    }

    /// The applications of an account, or to its gigs, that are not rejected. Those to jobs wait while they are pending:
    /// an accepted one is a part of its contract.
    func waiting(_ account: AccountID, limit: Int, in executor: some SQLExecutor) async throws -> [Waiting] {
        let isWaiting: SQL = "(a.status = 'applied' OR a.status = 'shortlisted' AND a.flow = 'milestone_capture')"
        return try await executor.all(
            """
            SELECT a.flow, a.id, a.gig_id, g.owner_id, g.title
              FROM applications a JOIN gigs g ON g.id = a.gig_id
             WHERE a.worker_id = \(account) AND \(fragment: isWaiting)
             UNION
            SELECT a.flow, a.id, a.gig_id, g.owner_id, g.title
              FROM applications a JOIN gigs g ON g.id = a.gig_id
             WHERE g.owner_id = \(account) AND \(fragment: isWaiting)
             ORDER BY id LIMIT \(limit)
            """
        ) { row in
            Waiting(
                flow: try row.decode("flow"), id: try row.decode("id"), gigID: try row.decode("gig_id"),
                ownerID: try row.decode("owner_id"),
                gigTitle: try row.decode("title"))
        }
    }
}
