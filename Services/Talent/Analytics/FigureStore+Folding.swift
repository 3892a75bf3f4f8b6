import Postgres
import SharedModels

/// The folding of changes into figures.
extension FigureStore {
    /// - Returns: Whether no other process folds until the transaction ends.
    func claimFolding(in tx: Transaction) async throws -> Bool {
        try await tx.one("SELECT pg_try_advisory_xact_lock(hashtextextended('figures', 0)) AS is_mine") {
            try $0.decode("is_mine")
        }
    }

    /// The oldest changes, and whose they are.
    func changes(_ limit: Int, in tx: Transaction) async throws -> [(position: Int64, user: AccountID?)] {
        try await tx.all("SELECT position, user_id FROM figure_changes ORDER BY position LIMIT \(limit)") {
            (try $0.decode("position"), try $0.decode("user_id"))
        }
    }

    /// Keeps accounts from being deleted until the transaction ends. This comes before the changes are locked, because a
    /// deletion locks them in the same order.
    ///
    /// - Returns: Those that are there.
    func hold(_ users: [AccountID], in tx: Transaction) async throws -> [AccountID] {
        try await tx.all(
            """
            SELECT user_id FROM profiles
             WHERE user_id = ANY(\(users)) AND deleted_at IS NULL ORDER BY user_id FOR KEY SHARE
            """
        ) { try $0.decode("user_id") }
    }

    /// Takes the changes at these places, and adds them to the figures of accounts and of days.
    func fold(_ positions: [Int64], into holders: [AccountID], in tx: Transaction) async throws {
        // Rows that are there can be changed by less than nothing; a row that is added must be valid as it is.
        try await tx.execute(
            "INSERT INTO account_figures (user_id) SELECT unnest(\(holders)) ON CONFLICT (user_id) DO NOTHING")
        try await tx.execute(
            """
            INSERT INTO platform_days (day)
            SELECT DISTINCT day FROM figure_changes WHERE position = ANY(\(positions))
            ON CONFLICT (day) DO NOTHING
            """)
        try await tx.execute(
            """
            WITH taken AS MATERIALIZED (
                DELETE FROM figure_changes WHERE position = ANY(\(positions)) RETURNING *
            ), own AS MATERIALIZED (
                SELECT user_id, sum(matches) AS matches, sum(matches_accepted) AS matches_accepted,
                       sum(match_score) AS match_score, sum(messages_sent) AS messages_sent,
                       sum(messages_received) AS messages_received, sum(turns_received) AS turns_received,
                       sum(turns_answered) AS turns_answered, sum(answer_seconds) AS answer_seconds,
                       max(day) FILTER (WHERE active > 0) AS active_on
                  FROM taken WHERE user_id = ANY(\(holders)) GROUP BY user_id
            ), moved AS MATERIALIZED (
                SELECT figures.active_on AS before, own.active_on AS after
                  FROM own JOIN account_figures AS figures USING (user_id)
                 WHERE own.active_on > coalesce(figures.active_on, '-infinity')
            ), saved AS (
                UPDATE account_figures AS figures
                   SET matches = figures.matches + own.matches,
                       matches_accepted = figures.matches_accepted + own.matches_accepted,
                       match_score = figures.match_score + own.match_score,
                       messages_sent = figures.messages_sent + own.messages_sent,
                       messages_received = figures.messages_received + own.messages_received,
                       turns_received = figures.turns_received + own.turns_received,
                       turns_answered = figures.turns_answered + own.turns_answered,
                       answer_seconds = figures.answer_seconds + own.answer_seconds,
                       active_on = greatest(figures.active_on, own.active_on)
                  FROM own WHERE figures.user_id = own.user_id
            ), parts AS (
                SELECT day, new_profiles, matches, matches_accepted, match_score, messages_sent,
                       CASE WHEN user_id IS NULL THEN active ELSE 0 END AS active FROM taken
                 UNION ALL
                SELECT after, 0, 0, 0, 0, 0, 1 FROM moved
                 UNION ALL
                SELECT before, 0, 0, 0, 0, 0, -1 FROM moved WHERE before IS NOT NULL
            ), days AS (
                SELECT day, sum(new_profiles) AS new_profiles, sum(matches) AS matches,
                       sum(matches_accepted) AS matches_accepted, sum(match_score) AS match_score,
                       sum(messages_sent) AS messages_sent, sum(active) AS active
                  FROM parts GROUP BY day
            )
            UPDATE platform_days AS platform
               SET new_profiles = platform.new_profiles + days.new_profiles,
                   matches = platform.matches + days.matches,
                   matches_accepted = platform.matches_accepted + days.matches_accepted,
                   match_score = platform.match_score + days.match_score,
                   messages_sent = platform.messages_sent + days.messages_sent,
                   active_accounts = platform.active_accounts + days.active
              FROM days WHERE platform.day = days.day
            """)
    }
}
