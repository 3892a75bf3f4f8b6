import Postgres
import SharedModels

/// Every statement on the tables `profile_views` and `profile_view_counts`.
struct ProfileViewStore: Sendable {
    /// Somebody looked at a profile. The same viewer counts once a day.
    func note(_ viewer: AccountID, of profile: AccountID, on day: CalendarDay, in executor: some SQLExecutor)
        async throws
    {
        try await executor.execute(
            """
            WITH view AS (
                INSERT INTO profile_views (profile_id, viewer_id, day) VALUES (\(profile), \(viewer), \(day))
                ON CONFLICT DO NOTHING RETURNING profile_id
            )
            INSERT INTO profile_view_counts (profile_id, total) SELECT profile_id, 1 FROM view
            ON CONFLICT (profile_id) DO UPDATE SET total = profile_view_counts.total + 1
            """)
    }

    func total(of profile: AccountID, in executor: some SQLExecutor) async throws -> Int64 {
        try await executor.first("SELECT total FROM profile_view_counts WHERE profile_id = \(profile)") {
            try $0.decode("total")
        } ?? 0
    }

    /// Those from `days.lowerBound` on, and before `days.upperBound`.
    func count(of profile: AccountID, in days: Range<CalendarDay>, in executor: some SQLExecutor) async throws -> Int64
    {
        try await executor.one(
            """
            SELECT count(*) AS views FROM profile_views
             WHERE profile_id = \(profile) AND day >= \(days.lowerBound) AND day < \(days.upperBound)
            """
        ) { try $0.decode("views") }
    }

    /// What is only counted from now on.
    func prune(before day: CalendarDay, in database: Database) async throws {
        try await database.deleteInBatches { limit in
            """
            DELETE FROM profile_views
             WHERE (profile_id, day, viewer_id) IN (
                SELECT profile_id, day, viewer_id FROM profile_views WHERE day < \(day) LIMIT \(limit))
            """
        }
    }

    /// Those of a profile, and those by its owner.
    func delete(_ id: AccountID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM profile_views WHERE profile_id = \(id) OR viewer_id = \(id)")
        try await tx.execute("DELETE FROM profile_view_counts WHERE profile_id = \(id)")
    }
}
