import Postgres
import SharedModels

/// Every statement on the tables `tombstones` and `identities`.
struct TombstoneStore: Sendable {
    /// Remembers by what a new account is recognised, and takes the tombstones of an earlier one away.
    ///
    /// - Returns: The ghost score that is inherited: the one left last.
    func exhume(_ digests: [String], for id: AccountID, in tx: Transaction) async throws -> Int? {
        try await lock(digests, in: tx)
        try await tx.execute(
            "INSERT INTO identities (user_id, digest) SELECT \(id), digest FROM unnest(\(digests)) AS digest")
        let left: [(score: Int, at: Timestamp)] = try await tx.all(
            "DELETE FROM tombstones WHERE digest = ANY(\(digests)) RETURNING ghost_score, deleted_at"
        ) { (try $0.decode("ghost_score"), try $0.decode("deleted_at")) }
        return left.max { $0.at < $1.at }?.score
    }

    /// Leaves an account's score under all it is recognised by, and forgets that these belong to it.
    ///
    /// - Parameter event: The end's. Ids of version 7 begin with the time, and auth makes these and accounts'
    ///   both: a greater one is of an account made after the end.
    /// - Returns: Who came back already: a new account of the same person, which was met before this news
    ///   came. It has to be given the score, and no tombstone is left for it.
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
        try await tx.execute(
            """
            INSERT INTO tombstones (digest, ghost_score, deleted_at)
            SELECT digest, \(score), \(now) FROM unnest(\(digests)) AS digest
            ON CONFLICT (digest) DO UPDATE
               SET ghost_score = excluded.ghost_score, deleted_at = excluded.deleted_at
            """
        )
        return []
    }

    /// Has an end and a new beginning of the same person wait for each other, so that neither misses the
    /// other.
    private func lock(_ digests: [String], in tx: Transaction) async throws {
        for digest in digests.sorted() {
            try await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(\(digest), 0))")
        }
    }
}
