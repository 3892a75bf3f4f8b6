import Postgres
import SharedModels

/// Every statement on the tables `figure_changes`, `account_figures` and `platform_days`, except those of the triggers that
/// count matches and profiles.
struct FigureStore: Sendable {
    /// An account did something. Only the last such day counts.
    func noteActivity(of user: AccountID, on day: CalendarDay, in executor: some SQLExecutor) async throws {
        try await executor.executeLater(
            "INSERT INTO figure_changes (user_id, day, active) VALUES (\(user), \(day), 1)")
    }

    /// Messages told of a message. What concerns somebody who has left counts for the platform alone.
    func note(_ message: MessageCount, in tx: Transaction) async throws {
        let seconds = message.answersAfterSeconds.map { max($0, 0) }
        let day = message.sentAt.day
        try await tx.executeLater(
            """
            INSERT INTO figure_changes (user_id, day, messages_sent, turns_answered, answer_seconds, active)
            SELECT user_id, \(day), 1, \(seconds == nil ? 0 : 1), \(seconds ?? 0), (user_id IS NOT NULL)::int
              FROM (SELECT (\(fragment: Self.held(message.senderID))) AS user_id) AS sender
            """)
        try await tx.executeLater(
            """
            INSERT INTO figure_changes (user_id, day, messages_received, turns_received)
            SELECT user_id, \(day), 1, \(message.beginsTurn ? 1 : 0)
              FROM (SELECT (\(fragment: Self.held(message.recipientID))) AS user_id) AS recipient
             WHERE user_id IS NOT NULL
            """)
    }

    /// An account that is there, and stays until the transaction ends; else nothing.
    private static func held(_ user: AccountID) -> SQL {
        "SELECT user_id FROM profiles WHERE user_id = \(user) AND deleted_at IS NULL FOR KEY SHARE"
    }

    func figures(of user: AccountID, on today: CalendarDay, in executor: some SQLExecutor) async throws
        -> AccountFigures
    {
        let week = CalendarDay(daysSince1970: today.daysSince1970 - 6)
        let weekBefore = CalendarDay(daysSince1970: today.daysSince1970 - 13)
        return try await executor.one(
            """
            WITH counted AS (
                SELECT \(fragment: Self.own) FROM account_figures WHERE user_id = \(user)
                 UNION ALL
                SELECT \(fragment: Self.own) FROM figure_changes WHERE user_id = \(user)
            ), viewed AS (
                SELECT day, views FROM profile_view_days
                 WHERE profile_id = \(user) AND day BETWEEN \(weekBefore) AND \(today)
            )
            SELECT \(fragment: Self.sums),
                   coalesce((SELECT total FROM profile_view_counts WHERE profile_id = \(user)), 0) AS views,
                   (SELECT coalesce(sum(views), 0)::bigint FROM viewed WHERE day >= \(week)) AS views_this_week,
                   (SELECT coalesce(sum(views), 0)::bigint FROM viewed WHERE day < \(week)) AS views_last_week
              FROM counted
            """, AccountFigures.init(row:))
    }

    private static let own: SQL = """
        matches, matches_accepted, match_score, messages_sent, messages_received, turns_received, turns_answered,
        answer_seconds
        """
    private static let sums: SQL = """
        coalesce(sum(matches), 0)::bigint AS matches, coalesce(sum(matches_accepted), 0)::bigint AS matches_accepted,
        coalesce(sum(match_score), 0)::bigint AS match_score,
        coalesce(sum(messages_sent), 0)::bigint AS messages_sent,
        coalesce(sum(messages_received), 0)::bigint AS messages_received,
        coalesce(sum(turns_received), 0)::bigint AS turns_received,
        coalesce(sum(turns_answered), 0)::bigint AS turns_answered,
        coalesce(sum(answer_seconds), 0)::bigint AS answer_seconds
        """

    /// What happened on these days. Who was active is as it was folded last, and counts once, by the last day.
    func figures(in days: ClosedRange<CalendarDay>, in executor: some SQLExecutor) async throws -> PlatformFigures {
        try await executor.one(
            """
            WITH counted AS (
                SELECT new_profiles, matches, matches_accepted, match_score, messages_sent, active_accounts
                  FROM platform_days WHERE day BETWEEN \(days.lowerBound) AND \(days.upperBound)
                 UNION ALL
                SELECT new_profiles, matches, matches_accepted, match_score, messages_sent, 0
                  FROM figure_changes WHERE day BETWEEN \(days.lowerBound) AND \(days.upperBound)
            )
            SELECT coalesce(sum(new_profiles), 0)::bigint AS new_profiles, coalesce(sum(matches), 0)::bigint AS matches,
                   coalesce(sum(matches_accepted), 0)::bigint AS matches_accepted,
                   coalesce(sum(match_score), 0)::bigint AS match_score,
                   coalesce(sum(messages_sent), 0)::bigint AS messages_sent,
                   coalesce(sum(active_accounts), 0)::bigint AS active_accounts
              FROM counted
            """, PlatformFigures.init(row:))
    }

    /// Takes the figures of an account that leaves. What it has in `figure_changes` counts for the platform alone, and it
    /// was not active any more.
    func delete(_ user: AccountID, in tx: Transaction) async throws {
        try await tx.execute("UPDATE figure_changes SET user_id = NULL, active = 0 WHERE user_id = \(user)")
        try await tx.executeLater(
            """
            WITH gone AS (DELETE FROM account_figures WHERE user_id = \(user) RETURNING active_on)
            INSERT INTO figure_changes (day, active) SELECT active_on, -1 FROM gone WHERE active_on IS NOT NULL
            """)
    }
}

extension AccountFigures {
    fileprivate init(row: Row) throws {
        self.init(
            views: try row.decode("views"), viewsThisWeek: try row.decode("views_this_week"),
            viewsLastWeek: try row.decode("views_last_week"), matches: try MatchFigures(row: row),
            messagesSent: try row.decode("messages_sent"), messagesReceived: try row.decode("messages_received"),
            turnsReceived: try row.decode("turns_received"), turnsAnswered: try row.decode("turns_answered"),
            answerSeconds: try row.decode("answer_seconds"))
    }
}

extension PlatformFigures {
    fileprivate init(row: Row) throws {
        self.init(
            activeAccounts: try row.decode("active_accounts"), newProfiles: try row.decode("new_profiles"),
            matches: try MatchFigures(row: row), messagesSent: try row.decode("messages_sent"))
    }
}

extension MatchFigures {
    fileprivate init(row: Row) throws {
        self.init(
            created: try row.decode("matches"), accepted: try row.decode("matches_accepted"),
            score: try row.decode("match_score"))
    }
}
