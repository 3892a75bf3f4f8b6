import Postgres
import SharedModels

extension Profile {
    init(row: Row) throws {
        self.init(
            userID: try row.decode("user_id"), displayName: try row.decode("display_name"),
            title: try row.decode("title"), bio: try row.decode("bio"), skills: try ProfileSkill.list(row: row),
            ghostScore: try row.decode("ghost_score"),
            resumeURL: try row.decode("resume_url"), resumeFile: try row.decode("resume_file_id"),
            portfolioWebsiteURL: try row.decode("portfolio_website_url"),
            githubUsername: try row.decode("github_username"), githubURL: try row.decode("github_url"),
            linkedInURL: try row.decode("linkedin_url"), picture: try Picture(row: row),
            account: try KnownAccount(row: row),
            version: try row.decode("version"),
            createdAt: try row.decode("created_at"), updatedAt: try row.decode("updated_at"))
    }
}

extension [ProfileSkill] {
    /// The normal forms, each once.
    var forms: [String] { Set(map { SkillName($0.name).normal }).sorted() }
}

extension ProfileSkill {
    /// The names say which skills there are.
    fileprivate static func list(row: Row) throws -> [Self] {
        let facts: JSONB = try row.decode("skill_facts")
        return named(try row.decode("skills"), keeping: try JSONValue.decode([Self].self, from: facts.bytes))
    }
}

extension Picture {
    fileprivate init?(row: Row) throws {
        if let file: FileID = try row.decode("picture_file_id") {
            self = .file(file)
        } else if let link: String = try row.decode("picture_url") {
            self = .link(link)
        } else {
            return nil
        }
    }
}

extension KnownAccount {
    fileprivate init?(row: Row) throws {
        guard let type: UserType = try row.decode("user_type") else { return nil }
        self.init(userType: type, email: try row.decode("email"))
    }
}
