import Postgres
import SharedModels

/// Every statement on the tables `tombstones` and `identities`.
struct TombstoneStore: Sendable {
    /// Remembers by what a new account is recognised, and takes the tombstones of an earlier one away.
    ///
    /// - Returns: The ghost score that is inherited: the one left last.
    func exhume(_ digests: [String], for id: AccountID, in tx: Transaction) async throws -> Int? {
        try await tx.execute(
            "INSERT INTO identities (user_id, digest) SELECT \(id), digest FROM unnest(\(digests)) AS digest")
        let left: [(score: Int, at: Timestamp)] = try await tx.all(
            "DELETE FROM tombstones WHERE digest = ANY(\(digests)) RETURNING ghost_score, deleted_at"
        ) { (try $0.decode("ghost_score"), try $0.decode("deleted_at")) }
        return left.max { $0.at < $1.at }?.score
    }

    /// Leaves an account's score under all it is recognised by, and forgets that these belong to it.
    func bury(_ id: AccountID, score: Int, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            """
            WITH forgotten AS (DELETE FROM identities WHERE user_id = \(id) RETURNING digest)
            INSERT INTO tombstones (digest, ghost_score, deleted_at)
            SELECT digest, \(score), \(now) FROM forgotten
            ON CONFLICT (digest) DO UPDATE
               SET ghost_score = excluded.ghost_score, deleted_at = excluded.deleted_at
            """
        )
    }
}
