import Postgres
import SharedModels

/// Every statement on the tables `tombstones` and `identities`.
struct TombstoneStore: Sendable {
    /// Stores the digests that recognise a new account's owner, and removes the tombstones of an earlier account.
    ///
    /// - Returns: The inherited ghost score: that of the account that ended last.
    func exhume(_ digests: [String], for id: AccountID, in tx: Transaction) async throws -> Int? {
        try await lock(digests, in: tx)
        try await tx.executeLater(
            "INSERT INTO identities (user_id, digest) SELECT \(id), digest FROM unnest(\(digests)) AS digest")
        let left: [(score: Int, at: Timestamp)] = try await tx.all(
            "DELETE FROM tombstones WHERE digest = ANY(\(digests)) RETURNING ghost_score, deleted_at"
        ) { (try $0.decode("ghost_score"), try $0.decode("deleted_at")) }
        return left.max { $0.at < $1.at }?.score
    }

    /// Stores the digests of what was linked to an account since. Those from before stay, so that no score is shed by taking
    /// an identity away first.
    func note(_ digests: [String], of id: AccountID, in tx: Transaction) async throws {
        try await tx.executeLater(
            """
            INSERT INTO identities (user_id, digest)
            SELECT known.user_id, digest
              FROM (SELECT user_id FROM profiles WHERE user_id = \(id) AND deleted_at IS NULL FOR SHARE) AS known,
                   unnest(\(digests)) AS digest
            ON CONFLICT DO NOTHING
            """)
    }

    /// Leaves an account's score under every digest that recognises its owner, and removes the digests from the
    /// account.
    ///
    /// - Parameter event: The id of the deletion's event. Ids of version 7 begin with the time, and auth makes both
    ///   event ids and account ids: a greater account id belongs to an account made after the deletion.
    /// - Returns: A new account of the same person, if it was seen before this event arrived. It must be given the
    ///   score, and no tombstone is left.
    func bury(
        _ id: AccountID, score: Int, as event: EventID, at now: Timestamp, in tx: Transaction
    ) async throws -> [AccountID] {
        let digests: [String] = try await tx.all(
            "DELETE FROM identities WHERE user_id = \(id) RETURNING digest"
        ) { try $0.decode("digest") }
        try await lock(digests, in: tx)
        let successors: [AccountID] = try await tx.all(
            """
            SELECT DISTINCT user_id FROM identities
             WHERE digest = ANY(\(digests)) AND user_id > \(event)
             ORDER BY user_id
            """
        ) { try $0.decode("user_id") }
        guard successors.isEmpty else { return successors }
        try await tx.executeLater(
            """
            INSERT INTO tombstones (digest, ghost_score, deleted_at)
            SELECT digest, \(score), \(now) FROM unnest(\(digests)) AS digest
            ON CONFLICT (digest) DO UPDATE
               SET ghost_score = excluded.ghost_score, deleted_at = excluded.deleted_at
            """
        )
        return []
    }

    /// Makes an end and a new beginning of the same person wait for each other, so that neither misses the other.
    private func lock(_ digests: [String], in tx: Transaction) async throws {
        for digest in digests.sorted() {
            try await tx.executeLater("SELECT pg_advisory_xact_lock(hashtextextended(\(digest), 0))")
        }
    }
}
