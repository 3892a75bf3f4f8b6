import Postgres
import SharedModels

/// Every statement on the table `talent_features`.
struct TalentFeatureStore: Sendable {
    static let columns: SQL = """
        user_id, location, remote_work, experience_years, role_types, company_sizes, industries, salary_min, salary_max,
        salary_currency, company_type, company_size, company_industry
        """

    func find(_ id: AccountID, in executor: some SQLExecutor) async throws -> TalentFeatures? {
        try await find([id], in: executor).first
    }

    func find(_ ids: [AccountID], in executor: some SQLExecutor) async throws -> [TalentFeatures] {
        try await executor.all(
            "SELECT \(fragment: Self.columns) FROM talent_features WHERE user_id = ANY(\(ids))",
            TalentFeatures.init(row:))
    }

    /// Inserts or replaces. Its profile must be locked.
    func save(_ features: TalentFeatures, in tx: Transaction) async throws {
        let (wishes, company) = (features.preferences, features.company)
        try await tx.execute(
            """
            INSERT INTO talent_features (\(fragment: Self.columns))
            VALUES (\(features.userID), \(features.location), \(features.remoteWork), \(features.experienceYears),
                    \(wishes.roleTypes), \(wishes.companySizes), \(wishes.industries), \(wishes.salaryRange?.min),
                    \(wishes.salaryRange?.max), \(wishes.salaryRange?.currency), \(company.type), \(company.size),
                    \(company.industry))
            ON CONFLICT (user_id) DO UPDATE
               SET location = excluded.location, remote_work = excluded.remote_work,
                   experience_years = excluded.experience_years, role_types = excluded.role_types,
                   company_sizes = excluded.company_sizes, industries = excluded.industries,
                   salary_min = excluded.salary_min, salary_max = excluded.salary_max,
                   salary_currency = excluded.salary_currency, company_type = excluded.company_type,
                   company_size = excluded.company_size, company_industry = excluded.company_industry
            """
        )
    }

    func delete(_ id: AccountID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM talent_features WHERE user_id = \(id)")
    }
}

extension TalentFeatures {
    fileprivate init(row: Row) throws {
        self.init(of: try row.decode("user_id"))
        location = try row.decode("location")
        remoteWork = try row.decode("remote_work")
        experienceYears = try row.decode("experience_years")
        preferences = TalentPreferences(
            roleTypes: try row.decode("role_types"), companySizes: try row.decode("company_sizes"),
            industries: try row.decode("industries"), salaryRange: try SalaryRange(row: row))
        company = CompanyFacts(
            type: try row.decode("company_type"), size: try row.decode("company_size"),
            industry: try row.decode("company_industry"))
    }
}

extension SalaryRange {
    fileprivate init?(row: Row) throws {
        guard let currency: String = try row.decode("salary_currency") else { return nil }
        self.init(min: try row.decode("salary_min"), max: try row.decode("salary_max"), currency: currency)
    }
}
