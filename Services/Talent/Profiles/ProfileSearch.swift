import Postgres
import SharedModels

/// Lists of profiles, the newest first, and the forms of skills that they are found by.
extension ProfileStore {
    func page(
        _ filter: ProfileFilter, _ page: Int, of limit: Int, in executor: some SQLExecutor
    ) async throws -> [Profile] {
        try await executor.all(
            """
            SELECT \(fragment: Self.columns) \(fragment: source(filter))
             ORDER BY created_at DESC, user_id DESC LIMIT \(limit) OFFSET \(Int64(page - 1) * Int64(limit))
            """, Profile.init(row:))
    }

    /// As far as a list is counted.
    static let longestCount = 10_000

    func count(_ filter: ProfileFilter, in executor: some SQLExecutor) async throws -> Int {
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
