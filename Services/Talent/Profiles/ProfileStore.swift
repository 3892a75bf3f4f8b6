import Postgres
import SharedModels

extension UserType: PostgresValue {}

/// Every statement on the tables `profiles` and `score_changes`. Deleted profiles are never returned.
struct ProfileStore: Sendable {
    static let columns: SQL = """
        user_id, display_name, title, bio, skills, skill_facts, ghost_score, resume_url, resume_file_id,
        portfolio_website_url, github_username, github_url, linkedin_url, picture_url, picture_file_id, user_type,
        email, version, created_at, updated_at
        """

    /// Makes a profile.
    ///
    /// - Parameter accountVersion: The version of the account that it was made from.
    /// - Returns: `false` when the account has, or had, a profile.
    func insertIfAbsent(
        _ profile: Profile, accountVersion: Int64, in executor: some SQLExecutor
    ) async throws -> Bool {
        try await executor.execute(
            """
            INSERT INTO profiles (user_id, display_name, ghost_score, github_username,
                                  user_type, email, account_version, version, created_at, updated_at)
            VALUES (\(profile.userID), \(profile.displayName), \(profile.ghostScore),
                    \(profile.githubUsername), \(profile.account?.userType), \(profile.account?.email),
                    \(accountVersion), \(profile.version), \(profile.createdAt), \(profile.updatedAt))
            ON CONFLICT (user_id) DO NOTHING
            """
        ) == 1
    }

    func find(_ id: AccountID, in executor: some SQLExecutor) async throws -> Profile? {
        try await executor.first(
            "SELECT \(fragment: Self.columns) FROM profiles WHERE user_id = \(id) AND deleted_at IS NULL",
            Profile.init(row:)
        )
    }

    func lock(_ id: AccountID, in tx: Transaction) async throws -> Profile? {
        try await tx.first(
            """
            SELECT \(fragment: Self.columns) FROM profiles
             WHERE user_id = \(id) AND deleted_at IS NULL FOR UPDATE
            """,
            Profile.init(row:)
        )
    }

    func find(_ ids: [AccountID], in executor: some SQLExecutor) async throws -> [Profile] {
        try await executor.all(
            """
            SELECT \(fragment: Self.columns) FROM profiles
             WHERE user_id = ANY(\(ids)) AND deleted_at IS NULL
            """,
            Profile.init(row:)
        )
    }

    func save(_ profile: Profile, in tx: Transaction) async throws {
        let facts = JSONB(bytes: try JSONValue.encode(profile.skills))
        try await tx.executeLater(
            """
            UPDATE profiles
               SET display_name = \(profile.displayName), title = \(profile.title), bio = \(profile.bio),
                   skills = \(profile.skills.map(\.name)), skill_facts = \(facts),
                   skill_forms = \(profile.skills.forms),
                   github_url = \(profile.githubURL), linkedin_url = \(profile.linkedInURL),
                   picture_url = \(profile.picture?.link), picture_file_id = \(profile.picture?.file),
                   resume_url = \(profile.resumeURL), resume_file_id = \(profile.resumeFile),
                   portfolio_website_url = \(profile.portfolioWebsiteURL), version = \(profile.version),
                   updated_at = \(profile.updatedAt)
             WHERE user_id = \(profile.userID)
            """
        )
    }

    /// Notes when a profile was made, of one that was made elsewhere.
    func date(_ id: AccountID, at created: Timestamp, in tx: Transaction) async throws {
        try await tx.executeLater("UPDATE profiles SET created_at = \(created) WHERE user_id = \(id)")
    }

    /// Changes a ghost score, within 0 to 100, once for each subject. The score of a deleted account changes too, but
    /// nobody can see it.
    ///
    /// - Parameter subject: The contract or the dispute that changes it.
    func addGhostScore(
        _ points: Int, to id: AccountID, for subject: EventAggregate, at now: Timestamp, in tx: Transaction
    ) async throws {
        try await tx.executeLater(
            """
            WITH change AS (
                INSERT INTO score_changes (subject_id, user_id, points, changed_at)
                SELECT \(subject), user_id, \(points), \(now) FROM profiles
                 WHERE user_id = \(id) AND deleted_at IS NULL
                ON CONFLICT (user_id, subject_id) DO NOTHING
                RETURNING user_id
            )
            UPDATE profiles SET ghost_score = least(100, greatest(0, ghost_score + \(points)))
              FROM change WHERE profiles.user_id = change.user_id
            """
        )
    }

    /// - Parameter score: 0 to 100.
    func setGhostScore(_ score: Int, of id: AccountID, in tx: Transaction) async throws {
        try await tx.executeLater("UPDATE profiles SET ghost_score = \(score) WHERE user_id = \(id)")
    }

    /// Takes over what auth knows, unless something later is stored already. A new name at GitHub changes the profile.
    func follow(_ facts: AccountFacts, at now: Timestamp, in executor: some SQLExecutor) async throws {
        try await executor.executeLater(
            """
            UPDATE profiles
               SET github_username = \(facts.githubUsername), user_type = \(facts.userType), email = \(facts.email),
                   account_version = \(facts.version),
                   version = CASE WHEN github_username IS NOT DISTINCT FROM \(facts.githubUsername) THEN version
                                  ELSE version + 1 END,
                   updated_at = CASE WHEN github_username IS NOT DISTINCT FROM \(facts.githubUsername) THEN updated_at
                                     ELSE \(now) END
             WHERE user_id = \(facts.userID) AND account_version <= \(facts.version) AND deleted_at IS NULL
            """
        )
    }

    /// Profiles of which auth was not asked yet, by their ids.
    func findIncomplete(
        after last: AccountID?, limit: Int, in executor: some SQLExecutor
    ) async throws -> [AccountID] {
        try await executor.all(
            """
            SELECT user_id FROM profiles
             WHERE user_type IS NULL AND deleted_at IS NULL AND (\(last) IS NULL OR user_id > \(last))
             ORDER BY user_id LIMIT \(limit)
            """
        ) { try $0.decode("user_id") }
    }

    /// Gives a returning owner the score of the earlier account, when that account's end was reported late. Changes
    /// made since then are added to the inherited score.
    func inheritGhostScore(_ score: Int, of id: AccountID, in tx: Transaction) async throws {
        try await tx.executeLater(
            """
            UPDATE profiles SET ghost_score = least(100, greatest(0, ghost_score - 50 + \(score)))
             WHERE user_id = \(id) AND deleted_at IS NULL
            """
        )
    }

    /// Removes everything from a profile that identifies its owner.
    func anonymise(_ id: AccountID, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.executeLater("DELETE FROM score_changes WHERE user_id = \(id)")
        try await tx.executeLater(
            """
            UPDATE profiles
               SET display_name = 'Deleted account', title = NULL, bio = NULL, skills = '{}', skill_facts = '[]',
                   skill_forms = '{}', github_url = NULL, linkedin_url = NULL, picture_url = NULL,
                   picture_file_id = NULL, resume_url = NULL, resume_file_id = NULL, portfolio_website_url = NULL,
                   github_username = NULL, email = NULL,
                   version = version + 1, updated_at = \(now), deleted_at = \(now)
             WHERE user_id = \(id)
            """
        )
    }

    /// Keeps a deleted account that never had a profile from getting one.
    func insertDeleted(_ id: AccountID, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.executeLater(
            """
            INSERT INTO profiles (user_id, display_name, created_at, updated_at, deleted_at)
            VALUES (\(id), 'Deleted account', \(now), \(now), \(now))
            ON CONFLICT (user_id) DO NOTHING
            """
        )
    }
}
