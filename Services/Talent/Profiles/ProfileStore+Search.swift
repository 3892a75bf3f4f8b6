import Postgres
import SharedModels

/// Lists of profiles, the newest first, and the forms of skills that they are found by.
extension ProfileStore {
    func page(
        _ filter: ProfileFilter, _ page: Int, of limit: Int, in executor: some SQLExecutor
    ) async throws -> [Profile] {
        let reach = Int64(page) * Int64(limit)
        return try await executor.all(
            """
            SELECT \(fragment: Self.columns)
              FROM (SELECT found_id, found_at \(fragment: found(by: filter, atMost: reach))
                     ORDER BY found_at DESC, found_id DESC LIMIT \(limit) OFFSET \(reach - Int64(limit))) AS page
              JOIN profiles ON user_id = found_id
             ORDER BY found_at DESC, found_id DESC
            """, Profile.init(row:))
    }

    /// As far as a list is counted.
    static let longestCount = 10_000

    func count(_ filter: ProfileFilter, in executor: some SQLExecutor) async throws -> Int {
        let limit = Int64(Self.longestCount)
        return try await executor.one(
            """
            SELECT least(\(limit), count(*)) AS profiles
              FROM (SELECT found_id, found_at \(fragment: found(by: filter, atMost: limit))) AS counted
            """
        ) { try $0.decode("profiles") }
    }

    /// Has each search of a transaction planned for its own skills, because how many have them decides which index is the
    /// faster one; and has indexes read in their order, so that a limit ends the reading.
    func prepare(in tx: Transaction) async throws {
        try await tx.execute(
            """
            SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_bitmapscan', 'off', true)
            """)
    }

    /// Those who fit, each once, at least as many as asked for: the latest of them, in the order of an index. By a name it is
    /// all of them, as far as a list is counted.
    private func found(by filter: ProfileFilter, atMost limit: Int64) -> SQL {
        let forms = filter.skills.map(\.normal)
        let type: SQL = filter.userType.map { "AND user_type = \($0)" } ?? .empty
        if let name = filter.name {
            return """
                FROM (SELECT DISTINCT user_id AS found_id, created_at AS found_at
                        FROM \(fragment: Self.named(name)) AS named
                       WHERE true \(fragment: Self.typed(filter.userType, "named"))
                         \(fragment: forms.isEmpty ? .empty : "AND \(fragment: Self.skilled(forms, "named"))")
                         \(fragment: filter.location.map { Self.placed($0, "named") } ?? .empty)) AS found
                """
        }
        if let location = filter.location {
            return """
                FROM (SELECT user_id AS found_id, created_at AS found_at FROM profile_places
                       WHERE place = array_to_string((place_words(\(location)))[1:6], ' ')
                       \(fragment: forms.isEmpty ? .empty : "AND \(fragment: Self.skilled(forms, "profile_places"))")
                       \(fragment: Self.typed(filter.userType, "profile_places"))
                       ORDER BY created_at DESC, user_id DESC LIMIT \(limit)) AS found
                """
        }
        if forms.isEmpty {
            return """
                FROM (SELECT user_id AS found_id, created_at AS found_at FROM profiles
                       WHERE deleted_at IS NULL AND user_type IS NOT NULL \(fragment: type)
                       ORDER BY created_at DESC, user_id DESC LIMIT \(limit)) AS found
                """
        }
        // Of each skill as many as may be needed.
        return """
            FROM unnest(\(forms)) AS wanted (form)
                 CROSS JOIN LATERAL (
                     SELECT user_id AS found_id, created_at AS found_at FROM profile_skills
                      WHERE skill = wanted.form \(fragment: Self.typed(filter.userType, "profile_skills"))
                      ORDER BY created_at DESC, user_id DESC LIMIT \(limit)) AS found
             GROUP BY found_id, found_at
            """
    }

    private static func skilled(_ forms: [String], _ table: SQL) -> SQL {
        """
        EXISTS (SELECT FROM profile_skills
                 WHERE skill = ANY(\(forms)) AND profile_skills.created_at = \(fragment: table).created_at
                   AND profile_skills.user_id = \(fragment: table).user_id)
        """
    }

    /// Whose names have a word for each of these that begins with it: of the rarest of them ``longestCount``, the first ones by
    /// the alphabet, and of these whom the others fit.
    private static func named(_ name: String) -> SQL {
        """
        (SELECT of_rarest.user_id, of_rarest.created_at
           FROM (SELECT (name_words(\(name)))[1:6] AS words) AS sought
                CROSS JOIN LATERAL (
                    SELECT beginning FROM unnest(words) AS beginning
                     ORDER BY (SELECT count(*) FROM (
                                  SELECT FROM profile_names WHERE \(fragment: begins) LIMIT \(Int64(longestCount))) AS few)
                     LIMIT 1) AS rarest
                CROSS JOIN LATERAL (
                    SELECT user_id, created_at FROM profile_names
                     WHERE \(fragment: begins) LIMIT \(Int64(longestCount))) AS of_rarest
          WHERE NOT EXISTS (
              SELECT FROM unnest(words) AS beginning
               WHERE beginning <> rarest.beginning AND NOT EXISTS (
                   SELECT FROM profile_names WHERE profile_names.user_id = of_rarest.user_id AND \(fragment: begins))))
        """
    }

    /// Whether the word of a name begins with `beginning`, by its place in the index.
    private static let begins: SQL = """
        profile_names.word >= beginning COLLATE "C" AND profile_names.word < (beginning || chr(1114111)) COLLATE "C"
        """

    /// Whose place is one of these words.
    private static func placed(_ location: String, _ table: SQL) -> SQL {
        """
        AND EXISTS (SELECT FROM profile_places
                     WHERE place = array_to_string((place_words(\(location)))[1:6], ' ')
                       AND profile_places.created_at = \(fragment: table).created_at
                       AND profile_places.user_id = \(fragment: table).user_id)
        """
    }

    private static func typed(_ type: UserType?, _ table: SQL) -> SQL {
        guard let type else { return .empty }
        return """
            AND EXISTS (SELECT FROM profiles AS known
                         WHERE known.user_id = \(fragment: table).user_id AND known.user_type = \(type))
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
