/// Jobs' answers about the catalogue of skills and categories.
public struct CatalogueInternal: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.jobs

    /// The skills with these ids, and those with these names by ``SkillName``, in any order and each once.
    /// Those that do not exist are left out. At most 100 ids and 100 names.
    public let skills = Endpoint<SkillQuery, SkillBatch>(
        "internal.skills.query", .post, "/internal/skills/query", of: Self.self,
        access: .service(from: [.talent, .contracts]), "Many skills at once")
    /// The same of categories.
    public let categories = Endpoint<CategoryQuery, CategoryBatch>(
        "internal.categories.query", .post, "/internal/categories/query", of: Self.self,
        access: .service(from: [.talent, .contracts]), "Many categories at once")
}

public struct SkillQuery: Model {
    public let skillIDs: [SkillID]
    public let names: [String]

    public init(skillIDs: [SkillID] = [], names: [String] = []) {
        self.skillIDs = skillIDs
        self.names = names
    }

    public static let rules: [String: MemberRule] = ["skillIDs": .count(0...100), "names": .count(0...100)]
}

public struct CategoryQuery: Model {
    public let categoryIDs: [CategoryID]
    public let names: [String]

    public init(categoryIDs: [CategoryID] = [], names: [String] = []) {
        self.categoryIDs = categoryIDs
        self.names = names
    }

    public static let rules: [String: MemberRule] = ["categoryIDs": .count(0...100), "names": .count(0...100)]
}

public struct KnownSkill: Model, Equatable {
    public let id: SkillID
    public let name: String
    public let isListed: Bool

    public init(id: SkillID, name: String, isListed: Bool) {
        self.id = id
        self.name = name
        self.isListed = isListed
    }
}

public struct KnownCategory: Model, Equatable {
    public let id: CategoryID
    public let name: String
    public let isListed: Bool

    public init(id: CategoryID, name: String, isListed: Bool) {
        self.id = id
        self.name = name
        self.isListed = isListed
    }
}

public struct SkillBatch: Model {
    public let skills: [KnownSkill]

    public init(skills: [KnownSkill]) { self.skills = skills }
}

public struct CategoryBatch: Model {
    public let categories: [KnownCategory]

    public init(categories: [KnownCategory]) { self.categories = categories }
}
