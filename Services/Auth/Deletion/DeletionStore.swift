import Postgres
import SharedModels

/// What is written when an account ends, in every table of this service.
struct DeletionStore: Sendable {
    let sessions = SessionStore()

    /// Takes everything off an account that says whose it was, ends its sessions and keys, and leaves a
    /// tombstone. The account is locked: whoever makes a session, an agent or a key locks or keeps it first,
    /// so none is missed, and who comes later finds it gone.
    func bury(_ id: AccountID, reason: String?, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE accounts
               SET status = 'deleted', is_admin = false, display_name = 'Deleted account', email = NULL,
                   github_id = NULL, github_username = NULL, github_created_at = NULL,
                   github_has_public_work = NULL, version = version + 1, updated_at = \(now)
             WHERE id = \(id)
            """)
        try await tx.execute("DELETE FROM passwords WHERE account_id = \(id)")
        try await sessions.deleteAll(of: id, in: tx)
        try await tx.execute(
            """
            UPDATE hosted_agents
               SET name = 'Deleted agent', version = version + 1, updated_at = \(now),
                   deleted_at = coalesce(deleted_at, \(now))
             WHERE account_id = \(id)
            """)
        // In the order in which they are locked to be told of.
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
