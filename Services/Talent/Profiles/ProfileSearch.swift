import Postgres
import SharedModels

/// Lists of profiles, the newest first, and the forms of skills that they are found by.
extension ProfileStore {
    func page(
        _ filter: ProfileFilter, _ page: Int, of limit: Int, in executor: some SQLExecutor
    ) async throws -> [Profile] {
        if filter.location == nil, !filter.skills.isEmpty {
            return try await skilled(filter, page, of: limit, in: executor)
        }
        return try await executor.all(
            """
            SELECT \(fragment: Self.columns) \(fragment: source(filter))
             ORDER BY created_at DESC, user_id DESC LIMIT \(limit) OFFSET \(Int64(page - 1) * Int64(limit))
            """, Profile.init(row:))
    }

    /// Those who have any of the skills: of each skill as many as the page may need, in the order of its index.
    private func skilled(
        _ filter: ProfileFilter, _ page: Int, of limit: Int, in executor: some SQLExecutor
    ) async throws -> [Profile] {
        let reach = Int64(page) * Int64(limit)
        return try await executor.all(
            """
            SELECT \(fragment: Self.columns)
              FROM (SELECT found_id, found_at \(fragment: having(filter.skills, atMost: reach))
                     GROUP BY found_id, found_at ORDER BY found_at DESC, found_id DESC
                     LIMIT \(limit) OFFSET \(reach - Int64(limit))) AS page
              JOIN profiles ON user_id = found_id
             ORDER BY found_at DESC, found_id DESC
            """, Profile.init(row:))
    }

    /// The latest who have a skill, for each of the skills.
    private func having(_ skills: [SkillName], atMost limit: Int64) -> SQL {
        """
        FROM unnest(\(skills.map(\.normal))) AS wanted (form)
             CROSS JOIN LATERAL (
                 SELECT user_id AS found_id, created_at AS found_at FROM profile_skills WHERE skill = wanted.form
                  ORDER BY created_at DESC, user_id DESC LIMIT \(limit)) AS found
        """
    }

    /// As far as a list is counted.
    static let longestCount = 10_000

    func count(_ filter: ProfileFilter, in executor: some SQLExecutor) async throws -> Int {
        if filter.location == nil, !filter.skills.isEmpty {
            let limit = Int64(Self.longestCount)
            return try await executor.one(
                """
                SELECT least(\(limit), count(DISTINCT found_id)) AS profiles
                \(fragment: having(filter.skills, atMost: limit))
                """
            ) { try $0.decode("profiles") }
        }
        // In the order of an index, so that no more is read than is counted.
        let order: SQL = filter.skills.isEmpty ? "ORDER BY created_at DESC, user_id DESC" : .empty
        return try await executor.one(
            """
            SELECT count(*) AS profiles
              FROM (SELECT \(fragment: source(filter)) \(fragment: order) LIMIT \(Self.longestCount)) AS counted
            """
        ) { try $0.decode("profiles") }
    }

    /// Has each search of a transaction planned for its own skills, because how many have them decides which index is the
    /// faster one.
    func prepare(in tx: Transaction) async throws {
        try await tx.execute("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)")
    }

    private func source(_ filter: ProfileFilter) -> SQL {
        let forms = filter.skills.map(\.normal)
        return """
            FROM profiles \(fragment: filter.location == nil ? .empty : Self.places)
             WHERE deleted_at IS NULL AND user_type IS NOT NULL
             \(fragment: forms.isEmpty ? .empty : "AND skill_forms && \(forms)") \(fragment: condition(filter.location))
            """
    }

    private static let places: SQL = """
        LEFT JOIN talent_features USING (user_id) LEFT JOIN work_details USING (user_id)
        """

    private func condition(_ location: String?) -> SQL {
        guard let location else { return .empty }
        if location.lowercased() == "remote" { return "AND remote_work" }
        return """
            AND strpos(lower(coalesce(location, concat_ws(', ', city, state, country))), lower(\(location))) > 0
            """
    }

    /// Profiles from before there were forms.
    func findWithoutForms(
        after last: AccountID?, limit: Int, in executor: some SQLExecutor
    ) async throws -> [Profile] {
        try await executor.all(
            """
            SELECT \(fragment: Self.columns) FROM profiles
             WHERE skills <> '{}' AND skill_forms = '{}' AND (\(last) IS NULL OR user_id > \(last))
             ORDER BY user_id LIMIT \(limit)
            """, Profile.init(row:))
    }

    /// Changes nothing when the profile has another version by now.
    func setForms(of profile: Profile, in executor: some SQLExecutor) async throws {
        try await executor.execute(
            """
            UPDATE profiles SET skill_forms = \(profile.skills.forms)
             WHERE user_id = \(profile.userID) AND version = \(profile.version)
            """)
    }
}
