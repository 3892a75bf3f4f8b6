import Postgres
import SharedModels

/// Every statement on the tables `profile_views`, `profile_view_days` and `profile_view_counts`, except the reading of figures
/// (``FigureStore``).
struct ProfileViewStore: Sendable {
    /// Somebody looked at a profile. The same viewer counts once a day.
    func note(_ viewer: AccountID, of profile: AccountID, on day: CalendarDay, in executor: some SQLExecutor)
        async throws
    {
        try await executor.execute(
            """
            WITH seen AS (
                SELECT user_id FROM profiles WHERE user_id = \(profile) AND deleted_at IS NULL FOR KEY SHARE
            ), view AS (
                INSERT INTO profile_views (profile_id, viewer_id, day) SELECT user_id, \(viewer), \(day) FROM seen
                ON CONFLICT DO NOTHING RETURNING profile_id
            ), counted AS (
                INSERT INTO profile_view_counts (profile_id, total) SELECT profile_id, 1 FROM view
                ON CONFLICT (profile_id) DO UPDATE SET total = profile_view_counts.total + 1
            ), counted_by_day AS (
                INSERT INTO profile_view_days (profile_id, day, views) SELECT profile_id, \(day), 1 FROM view
                ON CONFLICT (profile_id, day) DO UPDATE SET views = profile_view_days.views + 1
            )
            INSERT INTO figure_changes (user_id, day, active) SELECT \(viewer), \(day), 1 FROM view
            """)
    }

    /// What is only counted in the total from now on.
    func prune(before day: CalendarDay, in database: Database) async throws {
        try await database.deleteInBatches { limit in
            """
            DELETE FROM profile_view_days
             WHERE (profile_id, day) IN (SELECT profile_id, day FROM profile_view_days WHERE day < \(day) LIMIT \(limit))
            """
        }
        try await database.deleteInBatches { limit in
            """
            DELETE FROM profile_views
             WHERE (profile_id, day, viewer_id) IN (
                SELECT profile_id, day, viewer_id FROM profile_views WHERE day < \(day) LIMIT \(limit))
            """
        }
    }

    /// Those of a profile. Those by its owner stay as somebody's.
    func delete(_ id: AccountID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM profile_views WHERE profile_id = \(id)")
        try await tx.execute("UPDATE profile_views SET viewer_id = gen_random_uuid() WHERE viewer_id = \(id)")
        try await tx.execute("DELETE FROM profile_view_days WHERE profile_id = \(id)")
        try await tx.execute("DELETE FROM profile_view_counts WHERE profile_id = \(id)")
    }
}
