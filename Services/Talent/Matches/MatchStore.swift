import Postgres
import SharedModels

extension MatchStatus: PostgresValue {}
extension MatchPriority: PostgresValue {}

/// Every statement on the table `matches`, except those that make and end matches in bulk (``MatchRunStore``).
struct MatchStore: Sendable {
    /// The most matches of one account that are read. It has at most ``RematchWorkflow/most`` that are open, and those that
    /// it accepted.
    private static let most = 500

    static let columns: SQL = """
        id, user_id, other_id, status, score, technical, cultural, experience, skills, action_id, priority, notes,
        opening_id, opening_message, opening_until, conversation_id, version, created_at, updated_at, expires_at
        """

    func find(_ id: MatchID, in executor: some SQLExecutor) async throws -> Match? {
        try await executor.first("SELECT \(fragment: Self.columns) FROM matches WHERE id = \(id)", Match.init(row:))
    }

    func lock(_ id: MatchID, in tx: Transaction) async throws -> Match? {
        try await tx.first(
            "SELECT \(fragment: Self.columns) FROM matches WHERE id = \(id) FOR UPDATE", Match.init(row:))
    }

    /// Locks the matches of two accounts with each other that are not expired, always in the same order.
    func lock(_ one: AccountID, _ other: AccountID, in tx: Transaction) async throws -> [Match] {
        try await tx.all(
            """
            SELECT \(fragment: Self.columns) FROM matches
             WHERE status <> 'expired' AND ((user_id = \(one) AND other_id = \(other))
                                            OR (user_id = \(other) AND other_id = \(one)))
             ORDER BY user_id, other_id FOR UPDATE
            """, Match.init(row:))
    }

    func save(_ match: Match, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE matches
               SET status = \(match.status), action_id = \(match.actionID), priority = \(match.priority),
                   notes = \(match.notes), opening_id = \(match.opening?.id),
                   opening_message = \(match.opening?.message), opening_until = \(match.opening?.until),
                   conversation_id = \(match.conversationID), version = \(match.version),
                   updated_at = \(match.updatedAt)
             WHERE id = \(match.id)
            """)
    }

    /// An account's matches that are open or accepted, in no order.
    func shown(to user: AccountID, at now: Timestamp, in executor: some SQLExecutor) async throws -> [Match] {
        try await executor.all(
            """
            SELECT \(fragment: Self.columns) FROM matches
             WHERE user_id = \(user) AND (status IN ('pending', 'saved') AND expires_at > \(now) OR status = 'accepted')
             ORDER BY score DESC, id LIMIT \(Self.most)
            """, Match.init(row:))
    }

    func find(_ ids: [MatchID], of user: AccountID, in executor: some SQLExecutor) async throws -> [Match] {
        try await executor.all(
            """
            SELECT \(fragment: Self.columns) FROM matches WHERE id = ANY(\(ids)) AND user_id = \(user)
            """, Match.init(row:))
    }

    /// The match of two accounts that lets them write to each other: accepted, or open and not expired. None when either
    /// has rejected the other.
    func live(between one: AccountID, _ other: AccountID, at now: Timestamp, in executor: some SQLExecutor) async throws
        -> MatchID?
    {
        try await executor.first(
            """
            WITH pair AS MATERIALIZED (
                SELECT id, status, expires_at FROM matches
                 WHERE status <> 'expired' AND ((user_id = \(one) AND other_id = \(other))
                                                OR (user_id = \(other) AND other_id = \(one)))
            )
            SELECT id FROM pair
             WHERE (status = 'accepted' OR status IN ('pending', 'saved') AND expires_at > \(now))
               AND NOT EXISTS (SELECT FROM pair WHERE status = 'rejected')
             ORDER BY status = 'accepted' DESC, id LIMIT 1
            """
        ) { try $0.decode("id") }
    }
}

extension Match {
    init(row: Row) throws {
        self.init(
            id: try row.decode("id"), userID: try row.decode("user_id"), otherID: try row.decode("other_id"),
            status: try row.decode("status"),
            points: MatchPoints(
                total: try row.decode("score"), technical: try row.decode("technical"),
                cultural: try row.decode("cultural"), experience: try row.decode("experience")),
            skills: try row.decode("skills"), actionID: try row.decode("action_id"),
            priority: try row.decode("priority"), notes: try row.decode("notes"), opening: try MatchOpening(row: row),
            conversationID: try row.decode("conversation_id"), version: try row.decode("version"),
            createdAt: try row.decode("created_at"), updatedAt: try row.decode("updated_at"),
            expiresAt: try row.decode("expires_at"))
    }
}

extension MatchOpening {
    fileprivate init?(row: Row) throws {
        guard let id: ActionID = try row.decode("opening_id") else { return nil }
        self.init(id: id, message: try row.decode("opening_message"), until: try row.decode("opening_until"))
    }
}
