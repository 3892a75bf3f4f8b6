import Postgres
import SharedModels

/// Every statement on the table `departed_people`, and those on `former_identities` that are not ``DeletionStore``'s.
struct DepartureStore: Sendable {
    /// Keeps the digests of an identity that was taken away from an account, for when the account is deleted.
    func keep(_ digests: [String], of id: AccountID, in tx: Transaction) async throws {
        try await tx.executeLater(
            """
            INSERT INTO former_identities (account_id, digest)
            SELECT \(id), digest FROM unnest(\(digests)) AS digest
            ON CONFLICT DO NOTHING
            """)
    }

    /// Remembers how much of its plan a deleted account has used, under every digest that recognises its owner: those
    /// given, and those that were kept.
    func remember(_ id: AccountID, as digests: [String], in tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO departed_people (digest, bucket, refilled_at, minute_started_at, minute_used, day, day_used)
            SELECT digest, bucket, refilled_at, minute_started_at, minute_used, day, day_used
              FROM usage,
                   (SELECT unnest(\(digests)) AS digest
                    UNION SELECT digest FROM former_identities WHERE account_id = \(id)) AS known
             WHERE usage.account_id = \(id)
            ON CONFLICT (digest) DO UPDATE
               SET bucket = excluded.bucket, refilled_at = excluded.refilled_at,
                   minute_started_at = excluded.minute_started_at, minute_used = excluded.minute_used,
                   day = excluded.day, day_used = excluded.day_used
            """)
    }

    /// Gives a new account what its owner's earlier account left of the plan. Of several, the one that was used
    /// last counts.
    ///
    /// The record stays, because the owner may leave and come back again.
    ///
    /// - Returns: Whether there was an earlier account.
    func passOn(_ digests: [String], to id: AccountID, in tx: Transaction) async throws -> Bool {
        let known = try await tx.execute(
            """
            UPDATE usage
               SET bucket = departed.bucket, refilled_at = departed.refilled_at,
                   minute_started_at = departed.minute_started_at, minute_used = departed.minute_used,
                   day = departed.day, day_used = departed.day_used
              FROM (SELECT bucket, refilled_at, minute_started_at, minute_used, day, day_used
                      FROM departed_people WHERE digest = ANY(\(digests))
                     ORDER BY day DESC, day_used DESC LIMIT 1) AS departed
             WHERE account_id = \(id)
            """)
        guard known == 1 else { return false }
        try await tx.execute("UPDATE accounts SET is_returning = true WHERE id = \(id)")
        return true
    }
}
