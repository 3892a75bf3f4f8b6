import Postgres
import SharedModels

/// Every statement on the table `match_pages`: lists as they were when their first page was read. ``MatchRunStore`` deletes
/// those of who left, here and in the other tables of matching.
struct MatchPageStore: Sendable {
    /// How long a list can be read on.
    static let lifetime = Duration.hours(1)
    /// How many lists of one account are kept.
    private static let most = 20

    /// Keeps a list, and lets the oldest of the same account go.
    func insert(
        _ id: MatchPageID, of user: AccountID, _ matches: [MatchID], at now: Timestamp, in executor: some SQLExecutor
    )
        async throws
    {
        try await executor.execute(
            """
            WITH old AS (
                SELECT id FROM match_pages WHERE user_id = \(user) ORDER BY made_at DESC OFFSET \(Self.most - 1)
            ), gone AS (
                DELETE FROM match_pages WHERE id IN (SELECT id FROM old)
            )
            INSERT INTO match_pages (id, user_id, match_ids, made_at) VALUES (\(id), \(user), \(matches), \(now))
            """)
    }

    /// - Returns: `nil` when it is not kept any more.
    func find(_ id: MatchPageID, of user: AccountID, in executor: some SQLExecutor) async throws -> [MatchID]? {
        try await executor.first("SELECT match_ids FROM match_pages WHERE id = \(id) AND user_id = \(user)") {
            try $0.decode("match_ids")
        }
    }

    func deleteOld(before moment: Timestamp, in executor: some SQLExecutor) async throws {
        try await executor.execute("DELETE FROM match_pages WHERE made_at < \(moment)")
    }
}
