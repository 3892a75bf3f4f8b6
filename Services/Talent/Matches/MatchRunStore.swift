import Postgres
import ServiceKit
import SharedModels

/// The statements on the table `matches` that make and end many at once.
///
/// Rows are written in the order of their accounts in every run, so that two runs never wait for each other.
struct MatchRunStore: Sendable {
    /// The open matches of an account, in no order.
    func standing(
        of user: AccountID, in executor: some SQLExecutor
    ) async throws -> [(other: AccountID, points: MatchPoints)] {
        try await executor.all(
            """
            SELECT other_id, score, technical, cultural, experience FROM matches
             WHERE user_id = \(user) AND status IN ('pending', 'saved')
            """
        ) { row in
            (
                try row.decode("other_id"),
                MatchPoints(
                    total: try row.decode("score"), technical: try row.decode("technical"),
                    cultural: try row.decode("cultural"), experience: try row.decode("experience"))
            )
        }
    }

    func apply(_ run: MatchRun, _ outbox: Outbox, at now: Timestamp, in database: Database) async throws {
        guard !run.fitting.isEmpty || !run.ended.isEmpty else { return }
        try await database.transaction { tx in
            // One run of an account at a time: two would both find room for the same number of matches.
            try await tx.executeLater("SELECT pg_advisory_xact_lock(hashtextextended(\("matches:\(run.user)"), 0))")
            try await end(run, at: now, in: tx)
            try await rescore(run.changed, with: run.user, at: now, in: tx)
            let works = Dictionary(run.fitting.map { ($0.other, $0.work) }, uniquingKeysWith: { first, _ in first })
            let news = try await insert(run, at: now, in: tx).map { match in
                try match.created(about: works[match.userID == run.user ? match.otherID : match.userID] ?? nil)
            }
            try await outbox.append(news, in: tx)
        }
    }

    /// Ends the matches whose time is over or that fit no more, on both sides, unless an acceptance is under way.
    private func end(_ run: MatchRun, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.executeLater(
            """
            WITH ended AS (
                SELECT id FROM matches
                 WHERE status IN ('pending', 'saved') AND (opening_until IS NULL OR opening_until <= \(now))
                   AND (user_id = \(run.user) AND (expires_at <= \(now) OR other_id = ANY(\(run.ended)))
                        OR other_id = \(run.user) AND user_id = ANY(\(run.ended)))
                 ORDER BY user_id, other_id FOR UPDATE
            )
            UPDATE matches SET status = 'expired', version = version + 1, updated_at = \(now)
              FROM ended WHERE matches.id = ended.id
            """)
    }

    private func rescore(_ pairs: [ScoredPair], with user: AccountID, at now: Timestamp, in tx: Transaction)
        async throws
    {
        guard !pairs.isEmpty else { return }
        try await tx.executeLater(
            """
            WITH scored AS (
                SELECT * FROM unnest(\(pairs.map(\.other)), \(pairs.map(\.points.total)), \(pairs.map(\.points.technical)),
                                     \(pairs.map(\.points.cultural)), \(pairs.map(\.points.experience)))
                           AS pair (other, score, technical, cultural, experience)
            ), locked AS (
                SELECT matches.id, scored.* FROM matches JOIN scored
                    ON user_id = \(user) AND other_id = other OR user_id = other AND other_id = \(user)
                 WHERE status IN ('pending', 'saved')
                 ORDER BY user_id, other_id FOR UPDATE OF matches
            )
            UPDATE matches
               SET score = locked.score, technical = locked.technical, cultural = locked.cultural,
                   experience = locked.experience, version = version + 1, updated_at = \(now)
              FROM locked WHERE matches.id = locked.id
            """)
    }

    /// Makes the matches that are not there, as many as there is room for: the account's own, and those of the others that it
    /// suits better than the last of a full list.
    ///
    /// - Returns: Those that were made.
    private func insert(_ run: MatchRun, at now: Timestamp, in tx: Transaction) async throws -> [Match] {
        guard !run.fitting.isEmpty else { return [] }
        let taken = try await taken(by: run, in: tx)
        let room = max(0, RematchWorkflow.most - taken.open)
        var new = run.fitting.filter { !taken.own.contains($0.other) }.prefix(room).map { pair in
            Match(of: run.user, with: pair.other, pair.points, skills: pair.skills, at: now)
        }
        new += run.fitting.filter { pair in
            guard !taken.others.contains(pair.other) else { return false }
            guard let full = taken.full[pair.other] else { return true }
            return pair.points.total > full
        }.map { Match(of: $0.other, with: run.user, $0.points, skills: $0.skills, at: now) }
        return try await insertAbsent(new.sorted { ($0.userID, $0.otherID) < ($1.userID, $1.otherID) }, in: tx)
    }

    /// - Returns: Those that were not there.
    private func insertAbsent(_ matches: [Match], in tx: Transaction) async throws -> [Match] {
        guard !matches.isEmpty else { return [] }
        let rows = String(decoding: try JSONValue.encode(matches.map(NewMatch.init)), as: UTF8.self)
        let made: Set<MatchID> = Set(
            try await tx.all(
                """
                INSERT INTO matches (
                    id, user_id, other_id, status, score, technical, cultural, experience, skills, version, created_at,
                    updated_at, expires_at)
                SELECT id, user_id, other_id, 'pending', score, technical, cultural, experience, skills, 1, created_at,
                       created_at, expires_at
                  FROM json_to_recordset(\(rows)::json)
                       AS match (id uuid, user_id uuid, other_id uuid, score int, technical int, cultural int,
                                 experience int, skills text[], created_at timestamptz, expires_at timestamptz)
                 ORDER BY user_id, other_id
                ON CONFLICT (user_id, other_id) WHERE status <> 'expired' DO NOTHING
                RETURNING id
                """
            ) { try $0.decode("id") })
        return matches.filter { made.contains($0.id) }
    }

    private struct Taken {
        /// With whom the account has a match.
        var own: Set<AccountID> = []
        /// How many of those are open.
        var open = 0
        /// Who has a match with the account.
        var others: Set<AccountID> = []
        /// Of those who have none, whose list has no room, with the least score in it.
        var full: [AccountID: Int] = [:]
    }

    private func taken(by run: MatchRun, in tx: Transaction) async throws -> Taken {
        var taken = Taken()
        let others = run.fitting.map(\.other)
        let rows: [(AccountID, AccountID, MatchStatus)] = try await tx.all(
            """
            SELECT user_id, other_id, status FROM matches WHERE user_id = \(run.user) AND status <> 'expired'
             UNION ALL
            SELECT user_id, other_id, status FROM matches
             WHERE other_id = \(run.user) AND user_id = ANY(\(others)) AND status <> 'expired'
            """
        ) { (try $0.decode("user_id"), try $0.decode("other_id"), try $0.decode("status")) }
        for (user, other, status) in rows {
            if user == run.user {
                taken.own.insert(other)
                if status.allows(.expire) { taken.open += 1 }
            } else {
                taken.others.insert(user)
            }
        }
        let new = others.filter { !taken.others.contains($0) }
        guard !new.isEmpty else { return taken }
        let full: [(AccountID, Int)] = try await tx.all(
            """
            SELECT user_id, min(score) AS least FROM matches
             WHERE user_id = ANY(\(new)) AND status IN ('pending', 'saved')
             GROUP BY user_id HAVING count(*) >= \(RematchWorkflow.most)
            """
        ) { (try $0.decode("user_id"), try $0.decode("least")) }
        taken.full = Dictionary(full, uniquingKeysWith: { $1 })
        return taken
    }

    /// Expires what nobody decided in time, at most `limit`.
    ///
    /// - Returns: How many.
    func expire(_ limit: Int, at now: Timestamp, in database: Database) async throws -> Int {
        try await database.execute(
            """
            WITH due AS (
                SELECT id FROM matches
                 WHERE status IN ('pending', 'saved') AND expires_at <= \(now)
                   AND (opening_until IS NULL OR opening_until <= \(now))
                 LIMIT \(limit) FOR UPDATE SKIP LOCKED
            )
            UPDATE matches SET status = 'expired', version = version + 1, updated_at = \(now)
              FROM due WHERE matches.id = due.id
            """)
    }

    /// Deletes the matches of those of these accounts that are deleted, on both sides.
    func deleteLeft(_ users: [AccountID], in tx: Transaction) async throws {
        let left: [AccountID] = try await tx.all(
            "SELECT user_id FROM profiles WHERE user_id = ANY(\(users)) AND deleted_at IS NOT NULL"
        ) { try $0.decode("user_id") }
        guard !left.isEmpty else { return }
        try await tx.executeLater("DELETE FROM matches WHERE user_id = ANY(\(left)) OR other_id = ANY(\(left))")
        try await tx.executeLater("DELETE FROM match_pages WHERE user_id = ANY(\(left))")
        try await tx.executeLater("DELETE FROM match_gigs WHERE owner_id = ANY(\(left))")
        try await tx.executeLater("DELETE FROM match_texts WHERE owner_id = ANY(\(left))")
    }
}

/// A row of a new match.
private struct NewMatch: Encodable {
    let id: MatchID
    let userID: AccountID
    let otherID: AccountID
    let score: Int
    let technical: Int
    let cultural: Int
    let experience: Int
    let skills: [String]
    let createdAt: Timestamp
    let expiresAt: Timestamp

    init(_ match: Match) {
        (id, userID, otherID) = (match.id, match.userID, match.otherID)
        (score, technical) = (match.points.total, match.points.technical)
        (cultural, experience) = (match.points.cultural, match.points.experience)
        (skills, createdAt, expiresAt) = (match.skills, match.createdAt, match.expiresAt)
    }
}
