/// Where a page stands in a list that is counted (SkillSync contract, section 3.2).
public struct Pagination: Model, Equatable {
    public let total: Int
    /// From 1.
    public let page: Int
    public let perPage: Int
    public let totalPages: Int

    public init(total: Int, page: Int, perPage: Int) {
        self.total = total
        self.page = page
        self.perPage = perPage
        totalPages = (total + perPage - 1) / perPage
    }
}
