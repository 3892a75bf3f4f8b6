import Postgres
import SharedModels

/// The changes in every table of this service when an account is deleted.
struct DeletionStore: Sendable {
    let sessions = SessionStore()
    let keyRequests = KeyRequestStore()

    /// Removes everything that identifies the owner, ends the account's sessions and keys, and leaves a tombstone. The
    /// account must be locked. Making a session, an agent or a key also locks it first, so none is missed, and later
    /// attempts find the account deleted.
    func bury(_ id: AccountID, reason: String?, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE accounts
               SET status = 'deleted', is_admin = false, display_name = 'Deleted account', email = NULL,
                   github_id = NULL, github_username = NULL, github_created_at = NULL,
                   github_has_public_work = NULL, verified_email = NULL, google_subject = NULL, mobile = NULL, version = version + 1, updated_at = \(now)
             WHERE id = \(id)
            """)
        try await tx.execute("DELETE FROM passwords WHERE account_id = \(id)")
        try await tx.execute("DELETE FROM password_links WHERE account_id = \(id)")
        try await tx.execute("DELETE FROM former_identities WHERE account_id = \(id)")
        try await sessions.deleteAll(of: id, in: tx)
        try await keyRequests.deleteAll(of: id, in: tx)
        try await tx.execute(
            """
            UPDATE hosted_agents
               SET name = 'Deleted agent', version = version + 1, updated_at = \(now),
                   deleted_at = coalesce(deleted_at, \(now))
             WHERE account_id = \(id)
            """)
        // Locked in the same order as by the expiry warnings, so that the two never block each other.
        try await tx.execute(
            """
            UPDATE api_keys SET revoked_at = coalesce(revoked_at, \(now)), name = NULL
             WHERE id IN (SELECT id FROM api_keys WHERE account_id = \(id) ORDER BY id FOR UPDATE)
            """)
        try await tx.execute(
            """
            INSERT INTO deleted_accounts (account_id, reason, deleted_at) VALUES (\(id), \(reason), \(now))
            """)
    }
}
