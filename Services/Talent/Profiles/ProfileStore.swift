import Postgres
import SharedModels

/// Every statement on the tables `profiles` and `vouches`.
struct ProfileStore: Sendable {
    /// Makes a profile unless the account has one.
    func insert(_ profile: Profile, in executor: some SQLExecutor) async throws {
        try await executor.execute(
            """
            INSERT INTO profiles (user_id, display_name, skills, ghost_score, github_username, version, created_at, updated_at)
            VALUES (\(profile.userID), \(profile.displayName), \(profile.skills), \(profile.ghostScore),
                    \(profile.githubUsername), \(profile.version), \(profile.createdAt), \(profile.updatedAt))
            ON CONFLICT (user_id) DO NOTHING
            """
        )
    }

    func get(_ id: AccountID, in executor: some SQLExecutor) async throws -> Profile? {
        try await executor.first(
            """
            SELECT user_id, display_name, bio, skills, ghost_score, resume_url, portfolio_website_url, github_username,
                   version, created_at, updated_at
              FROM profiles WHERE user_id = \(id)
            """,
            Profile.init(row:)
        )
    }

    func lock(_ id: AccountID, in tx: Transaction) async throws -> Profile? {
        try await tx.first(
            """
            SELECT user_id, display_name, bio, skills, ghost_score, resume_url, portfolio_website_url, github_username,
                   version, created_at, updated_at
              FROM profiles WHERE user_id = \(id) FOR UPDATE
            """,
            Profile.init(row:)
        )
    }

    func many(_ ids: [AccountID], in executor: some SQLExecutor) async throws -> [Profile] {
        try await executor.all(
            """
            SELECT user_id, display_name, bio, skills, ghost_score, resume_url, portfolio_website_url, github_username,
                   version, created_at, updated_at
              FROM profiles WHERE user_id = ANY(\(ids))
            """,
            Profile.init(row:)
        )
    }

    func save(_ profile: Profile, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE profiles
               SET display_name = \(profile.displayName), bio = \(profile.bio), skills = \(profile.skills),
                   resume_url = \(profile.resumeURL), portfolio_website_url = \(profile.portfolioWebsiteURL),
                   version = \(profile.version), updated_at = \(profile.updatedAt)
             WHERE user_id = \(profile.userID)
            """
        )
    }

    /// Moves a ghost score, within 0 to 100.
    func addGhostScore(_ points: Int, to id: AccountID, in tx: Transaction) async throws {
        try await tx.execute(
            "UPDATE profiles SET ghost_score = least(100, greatest(0, ghost_score + \(points))) WHERE user_id = \(id)")
    }

    /// Who vouches for each of these accounts, oldest first, at most 100 each.
    func vouchers(of ids: [AccountID], in executor: some SQLExecutor) async throws -> [AccountID: [Voucher]] {
        let rows: [(AccountID, Voucher)] = try await executor.all(
            """
            SELECT v.vouched_id, v.voucher_id, p.display_name
              FROM unnest(\(ids)) AS wanted(id)
              JOIN LATERAL (
                  SELECT vouched_id, voucher_id, created_at FROM vouches WHERE vouched_id = wanted.id
                   ORDER BY created_at LIMIT 100
              ) v ON true
              JOIN profiles p ON p.user_id = v.voucher_id
             ORDER BY v.created_at
            """
        ) { row in
            (try row.decode("vouched_id"), Voucher(userID: try row.decode("voucher_id"), displayName: try row.decode("display_name")))
        }
        return Dictionary(grouping: rows, by: \.0).mapValues { $0.map(\.1) }
    }
}

extension Profile {
    fileprivate init(row: Row) throws {
        self.init(
            userID: try row.decode("user_id"), displayName: try row.decode("display_name"), bio: try row.decode("bio"),
            skills: try row.decode("skills"), ghostScore: try row.decode("ghost_score"),
            resumeURL: try row.decode("resume_url"), portfolioWebsiteURL: try row.decode("portfolio_website_url"),
            githubUsername: try row.decode("github_username"), version: try row.decode("version"),
            createdAt: try row.decode("created_at"), updatedAt: try row.decode("updated_at"))
    }
}
