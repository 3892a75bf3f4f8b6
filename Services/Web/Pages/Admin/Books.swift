import GuildhallClient
import SharedModels

/// An account of the books over the last year.
struct Books: Sendable {
    /// So many entries are read, at most, in pages of a hundred: a page is there to be looked at now.
    private static let pages = 5

    private(set) var balance: Int64 = 0
    private(set) var entries: [AccountEntryView] = []
    /// Whether there are more than are read.
    private(set) var isCut = false

    /// Without a posting there is no account yet, and all is zero.
    static func year(of account: String, _ visit: Visit) async throws -> Self {
        var books = Self()
        let oldest = visit.display.now.seconds - 366 * 86_400
        var query = ["account": account, "limit": "100"]
        for number in 1...pages {
            let page: AccountLedger
            do {
                page = try await visit.api.call(Endpoints.ledger.account, query: query)
            } catch let refusal as GuildhallRefusal where refusal.status == 404 {
                break
            }
            if number == 1 { books.balance = page.balanceMinor }
            books.entries += page.entries
            guard let cursor = page.nextCursor, (page.entries.last?.at.seconds ?? 0) > oldest else { break }
            query["cursor"] = cursor
            books.isCut = number == pages
        }
        return books
    }

    /// - Parameter part: What counts of an entry, in cents.
    func sums(of part: (AccountEntryView) -> Int64) -> [(at: Timestamp, cents: Int64)] {
        entries.map { ($0.at, part($0)) }
    }
}
