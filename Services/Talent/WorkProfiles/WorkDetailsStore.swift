import Postgres
import SharedModels

extension ExperienceLevel: PostgresValue {}

/// Every statement on the table `work_details`.
struct WorkDetailsStore: Sendable {
    static let columns: SQL = """
        user_id, city, state, country, zip, languages, experience_level, category_id, category_name, college, course,
        employment, portfolio, is_freelancer_completed, is_client_completed
        """

    func find(_ id: AccountID, in executor: some SQLExecutor) async throws -> WorkDetails? {
        try await executor.first(
            "SELECT \(fragment: Self.columns) FROM work_details WHERE user_id = \(id)", WorkDetails.init(row:))
    }

    func find(_ ids: [AccountID], in executor: some SQLExecutor) async throws -> [WorkDetails] {
        try await executor.all(
            "SELECT \(fragment: Self.columns) FROM work_details WHERE user_id = ANY(\(ids))", WorkDetails.init(row:))
    }

    /// Inserts or replaces. Its profile must be locked.
    func save(_ details: WorkDetails, in tx: Transaction) async throws {
        let employment = JSONB(bytes: try JSONValue.encode(details.employment))
        let portfolio = JSONB(bytes: try JSONValue.encode(details.portfolio))
        try await tx.execute(
            """
            INSERT INTO work_details (\(fragment: Self.columns))
            VALUES (\(details.userID), \(details.city), \(details.state), \(details.country), \(details.zip),
                    \(details.languages), \(details.experienceLevel), \(details.category?.id),
                    \(details.category?.name), \(details.education.college), \(details.education.course),
                    \(employment), \(portfolio), \(details.isFreelancerCompleted), \(details.isClientCompleted))
            ON CONFLICT (user_id) DO UPDATE
               SET city = excluded.city, state = excluded.state, country = excluded.country, zip = excluded.zip,
                   languages = excluded.languages, experience_level = excluded.experience_level,
                   category_id = excluded.category_id, category_name = excluded.category_name,
                   college = excluded.college, course = excluded.course, employment = excluded.employment,
                   portfolio = excluded.portfolio, is_freelancer_completed = excluded.is_freelancer_completed,
                   is_client_completed = excluded.is_client_completed
            """
        )
    }

    func delete(_ id: AccountID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM work_details WHERE user_id = \(id)")
    }
}

extension WorkDetails {
    fileprivate init(row: Row) throws {
        self.init(of: try row.decode("user_id"))
        city = try row.decode("city")
        state = try row.decode("state")
        country = try row.decode("country")
        zip = try row.decode("zip")
        languages = try row.decode("languages")
        experienceLevel = try row.decode("experience_level")
        if let id: CategoryID = try row.decode("category_id") {
            category = WorkCategory(id: id, name: try row.decode("category_name"))
        }
        education = Education(college: try row.decode("college"), course: try row.decode("course"))
        let (jobs, items): (JSONB, JSONB) = (try row.decode("employment"), try row.decode("portfolio"))
        employment = try JSONValue.decode([Employment].self, from: jobs.bytes)
        portfolio = try JSONValue.decode([PortfolioItem].self, from: items.bytes)
        isFreelancerCompleted = try row.decode("is_freelancer_completed")
        isClientCompleted = try row.decode("is_client_completed")
    }
}
