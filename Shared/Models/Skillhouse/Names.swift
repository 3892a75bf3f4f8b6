/// The name of a category or a skill. Spaces around it are left out.
public struct NameInput: Model {
    public let name: String

    public static let rules: [String: MemberRule] = ["name": CatalogueName.rule]
}

/// A category that jobs are sorted into.
public struct CategoryView: Model, Equatable {
    public let _id: ObjectID<CategoryKind>
    public let name: String
    /// Whether it is offered for new jobs and profiles.
    public let isListed: Bool
    public let createdAt: Timestamp
    public let updatedAt: Timestamp

    public init(id: CategoryID, name: String, isListed: Bool, createdAt: Timestamp, updatedAt: Timestamp) {
        _id = ObjectID(id)
        self.name = name
        self.isListed = isListed
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// A skill that jobs ask for and freelancers have.
public struct SkillView: Model, Equatable {
    public let _id: ObjectID<SkillKind>
    public let name: String
    /// Whether it is offered for new jobs and profiles.
    public let isListed: Bool
    public let createdAt: Timestamp
    public let updatedAt: Timestamp

    public init(id: SkillID, name: String, isListed: Bool, createdAt: Timestamp, updatedAt: Timestamp) {
        _id = ObjectID(id)
        self.name = name
        self.isListed = isListed
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

public struct CategoryAnswer: Model {
    public let success: Bool
    public let data: CategoryView

    public init(_ category: CategoryView) {
        success = true
        data = category
    }
}

public struct CategoryList: Model {
    public let success: Bool
    public let data: [CategoryView]
    public let total: Int
    public let currentPage: Int
    public let totalPages: Int

    /// - Parameter limit: Rows per page.
    public init(_ categories: [CategoryView], total: Int, page: Int, limit: Int) {
        success = true
        data = categories
        self.total = total
        currentPage = page
        totalPages = (total + limit - 1) / limit
    }
}

public struct SkillAnswer: Model {
    public let success: Bool
    public let data: SkillView

    public init(_ skill: SkillView) {
        success = true
        data = skill
    }
}

public struct SkillList: Model {
    public let success: Bool
    public let data: [SkillView]
    public let total: Int
    public let currentPage: Int
    public let totalPages: Int

    /// - Parameter limit: Rows per page.
    public init(_ skills: [SkillView], total: Int, page: Int, limit: Int) {
        success = true
        data = skills
        self.total = total
        currentPage = page
        totalPages = (total + limit - 1) / limit
    }
}

/// An answer to an admin that only says what was done.
public struct AdminAcknowledgement: Model {
    public let success: Bool
    public let message: String

    public init(_ message: String) {
        success = true
        self.message = message
    }
}

/// What the lists of categories and skills can be narrowed down to. Without any they are whole, up to 1000 names.
public enum NameListParameters {
    public static let limit = Parameter<Int>.integer("limit", 1...1000, default: 1000, "Names per page, 1 to 1000")
    public static let search = Parameter<String?>.text(
        "search", CatalogueName.longest, "A part of the name, in any case")

    static let all: [any AnyParameter] = [Parameter<Int>.page, limit, search]
}

/// `/api/admin/categories`.
public struct CategoryEndpoints: EndpointGroup {
    public static let surface = Surface.skillhouse
    public static let service = ServiceName.jobs

    public let add = Endpoint<NameInput, CategoryAnswer>(
        "categories.add", .post, "/api/admin/categories/add-category", of: Self.self, access: .admin(.gigsWrite),
        success: 201, errors: [.conflict], "Add a category")
    public let edit = Endpoint<NameInput, CategoryAnswer>(
        "categories.edit", .put, "/api/admin/categories/edit-category/{id}", of: Self.self,
        access: .admin(.gigsWrite), errors: [.badRequest, .notFound, .conflict], "Rename a category")
    public let list = Endpoint<NoInput, CategoryList>(
        "categories.list", .get, "/api/admin/categories/get-categories", of: Self.self, access: .anyone,
        query: NameListParameters.all, "Categories, by name")
    public let offer = Endpoint<NoInput, AdminAcknowledgement>(
        "categories.offer", .put, "/api/admin/categories/list-category/{id}", of: Self.self,
        access: .admin(.gigsWrite), errors: [.badRequest, .notFound], "Offer a category")
    public let withhold = Endpoint<NoInput, AdminAcknowledgement>(
        "categories.withhold", .put, "/api/admin/categories/unlist-category/{id}", of: Self.self,
        access: .admin(.gigsWrite), errors: [.badRequest, .notFound], "No longer offer a category")
}

/// `/api/admin/skills`.
public struct SkillEndpoints: EndpointGroup {
    public static let surface = Surface.skillhouse
    public static let service = ServiceName.jobs

    public let add = Endpoint<NameInput, SkillAnswer>(
        "skills.add", .post, "/api/admin/skills/add-skills", of: Self.self, access: .admin(.gigsWrite), success: 201,
        errors: [.conflict], "Add a skill")
    public let edit = Endpoint<NameInput, SkillAnswer>(
        "skills.edit", .put, "/api/admin/skills/edit-skills/{id}", of: Self.self, access: .admin(.gigsWrite),
        errors: [.badRequest, .notFound, .conflict], "Rename a skill")
    public let list = Endpoint<NoInput, SkillList>(
        "skills.list", .get, "/api/admin/skills/get-skills", of: Self.self, access: .anyone,
        query: NameListParameters.all, "Skills, by name")
    public let offer = Endpoint<NoInput, AdminAcknowledgement>(
        "skills.offer", .put, "/api/admin/skills/list-skills/{id}", of: Self.self, access: .admin(.gigsWrite),
        errors: [.badRequest, .notFound], "Offer a skill")
    public let withhold = Endpoint<NoInput, AdminAcknowledgement>(
        "skills.withhold", .put, "/api/admin/skills/unlist-skills/{id}", of: Self.self, access: .admin(.gigsWrite),
        errors: [.badRequest, .notFound], "No longer offer a skill")
}
