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
             WHERE owner_id = \(owner)
               AND (status <> 'closed' OR description IS NOT NULL OR scope IS NOT NULL)
            """)
    }

    /// Deletes the gigs without applications. Call it when they are closed, because then no application can be added.
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

    /// An open application, and the gig that it belongs to.
    struct Waiting: Sendable {
        let id: ApplicationID
        let gigID: GigID
        let ownerID: AccountID
        let gigTitle: String
    }

    /// The applications of an account, or to its gigs, that are not rejected.
    func waiting(_ account: AccountID, limit: Int, in executor: some SQLExecutor) async throws -> [Waiting] {
        try await executor.all(
            """
            SELECT a.id, a.gig_id, g.owner_id, g.title
              FROM applications a JOIN gigs g ON g.id = a.gig_id
             WHERE a.worker_id = \(account) AND a.status <> 'rejected'
             UNION
            SELECT a.id, a.gig_id, g.owner_id, g.title
              FROM applications a JOIN gigs g ON g.id = a.gig_id
             WHERE g.owner_id = \(account) AND a.status <> 'rejected'
             ORDER BY id LIMIT \(limit)
            """
        ) { row in
            Waiting(
                id: try row.decode("id"), gigID: try row.decode("gig_id"),
                ownerID: try row.decode("owner_id"),
                gigTitle: try row.decode("title"))
        }
    }
}
