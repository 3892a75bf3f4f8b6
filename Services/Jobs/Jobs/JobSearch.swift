import ServiceKit
import SharedModels

/// The criteria of a list of jobs.
struct JobSearch: Sendable, Equatable {
    /// Whose; `nil` for everybody's open ones.
    let client: AccountID?
    /// Words as people type them; `nil` to list without words.
    let words: String?
    let filter: JobFilter?
    let sort: JobSort

    /// - Parameter words: Blank text counts as no words, because a search field was left empty.
    /// - Throws: 400 for a status that the board does not show.
    init(
        of client: AccountID? = nil, words: String? = nil, filter: JobFilter? = nil, sort: JobSort = .dateNew
    ) throws(JobError) {
        self.client = client
        self.words = words.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
        self.filter = filter
        self.sort = sort
        if client == nil, case .status(let status)? = filter, status != .open { throw .onlyOpenOnes }
    }
}

/// A page of a list that is counted.
struct NumberedPage<Item: Sendable>: Sendable {
    let items: [Item]
    /// On all pages.
    let total: Int
    let number: Int
    let pages: Int

    init(_ items: [Item], total: Int, _ place: PageNumber) {
        self.items = items
        self.total = total
        number = place.number
        pages = (total + place.limit - 1) / place.limit
    }

    /// Leaves out the items for which `transform` returns `nil`.
    func compactMap<Other>(_ transform: (Item) -> Other?) -> NumberedPage<Other> {
        NumberedPage<Other>(items.compactMap(transform), of: self)
    }

    private init<Old>(_ items: [Item], of page: NumberedPage<Old>) {
        (self.items, total, number, pages) = (items, page.total, page.number, page.pages)
    }
}

/// Which page is asked for, from 1, and how many rows it has.
struct PageNumber: Sendable, Equatable {
    let number: Int
    let limit: Int

    var offset: Int { (number - 1) * limit }
}
