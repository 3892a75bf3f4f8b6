import Postgres
import SharedModels

/// What profiles say, as far as it counts for matching. The one place where matching reads the tables of profiles.
struct FeatureSource: Sendable {
    /// The features of these accounts without their gigs. Accounts that are deleted or not known have none.
    func features(of users: [AccountID], in tx: Transaction) async throws -> [AccountID: MatchFeatures] {
        let rows: [(AccountID, MatchFeatures)] = try await tx.all(
            """
            SELECT user_id, user_type, skills, skill_facts, location, remote_work IS TRUE AS is_remote, experience_years,
                   coalesce(role_types, '{}') AS role_types, coalesce(company_sizes, '{}') AS company_sizes,
                   coalesce(industries, '{}') AS industries, company_type, company_size, company_industry,
                   nullif(city, '') AS city, nullif(country, '') AS country,
                   CASE WHEN is_freelancer_completed THEN experience_level END AS experience_level, vector, model
              FROM profiles LEFT JOIN talent_features USING (user_id) LEFT JOIN work_details USING (user_id)
                   LEFT JOIN match_texts ON subject = profiles.user_id
             WHERE user_id = ANY(\(users)) AND deleted_at IS NULL AND user_type IS NOT NULL
            """
        ) { (try $0.decode("user_id"), try MatchFeatures(row: $0)) }
        return Dictionary(rows, uniquingKeysWith: { $1 })
    }
}

extension MatchFeatures {
    fileprivate init(row: Row) throws {
        let type: UserType = try row.decode("user_type")
        let facts: JSONB = try row.decode("skill_facts")
        let skills = ProfileSkill.named(
            try row.decode("skills"), keeping: try JSONValue.decode([ProfileSkill].self, from: facts.bytes))
        let roleTypes: [String] = try row.decode("role_types")
        let text = try TextVector(row: row)
        switch type {
        case .freelancer:
            let sizes: [String] = try row.decode("company_sizes")
            let industries: [String] = try row.decode("industries")
            self = .person(
                PersonFeatures(
                    skills: RatedSkill.distinct(skills.map { (name: $0.name, level: $0.level) }),
                    years: try Self.years(row, skills), place: try Place(row: row),
                    roleTypes: roleTypes.map(Place.normal), companySizes: sizes.map(Place.normal),
                    industries: industries.map(Place.normal), text: text))
        case .client:
            let industry: String? = try row.decode("company_industry")
            self = .company(
                CompanyFeatures(
                    offers: [OfferFeatures(needs: NeededSkill.distinct(skills.map(\.name)), text: text)],
                    place: try Place(row: row),
                    roleTypes: roleTypes.map(Place.normal),
                    sizes: CompanySize.words(
                        type: try row.decode("company_type"), size: try row.decode("company_size")),
                    industries: [industry].compactMap(\.self).map(Place.normal)))
        }
    }

    /// What the person says; else the years of the oldest skill; else the middle of Skillhouse's level.
    private static func years(_ row: Row, _ skills: [ProfileSkill]) throws -> Int? {
        if let years: Int = try row.decode("experience_years") { return years }
        if let years = skills.compactMap(\.years).max() { return years }
        let level: String? = try row.decode("experience_level")
        return switch level.flatMap(ExperienceLevel.init) {
        case .beginner: 1
        case .intermediate: 4
        case .expert: 8
        case nil: nil
        }
    }
}

extension TextVector {
    /// - Returns: `nil` without one.
    init?(row: Row) throws {
        guard let bytes: [UInt8] = try row.decode("vector"), let model: String = try row.decode("model") else {
            return nil
        }
        self.init(model: model, bytes: bytes)
    }
}

extension Place {
    /// A location is read as `city, country`; without one, Skillhouse's city and country count.
    fileprivate init(row: Row) throws {
        let isRemote: Bool = try row.decode("is_remote")
        let location: String? = try row.decode("location")
        if let location {
            let parts = location.split(separator: ",").map { Self.normal(String($0)) }.filter { !$0.isEmpty }
            city = parts.first
            country = parts.count > 1 ? parts.last : nil
        } else {
            city = try row.decode("city", as: String?.self).map(Self.normal)
            country = try row.decode("country", as: String?.self).map(Self.normal)
        }
        self.isRemote = isRemote || city == "remote" ? true : nil
        if city == "remote" { city = nil }
    }
}

/// The words for sizes of companies.
enum CompanySize {
    /// The kind of company, its size as it says it, and the word that people who look for one use for that.
    static func words(type: String?, size: String?) -> [String] {
        var words = [type, size].compactMap(\.self).map(Place.normal)
        let numbers = (size ?? "").split { !$0.isASCII || !$0.isNumber }.compactMap { Int($0) }
        if let most = numbers.last {
            let word =
                switch most {
                case ...10: "micro"
                case ...50: "small"
                case ...250: "medium"
                default: "large"
                }
            if !words.contains(word) { words.append(word) }
        }
        return words
    }
}
