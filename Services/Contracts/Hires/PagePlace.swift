import Postgres
import ServiceKit
import SharedModels

/// Where a page of a Skillhouse list begins: after a cursor, or by its number.
struct PagePlace: Sendable {
    let cursor: PageCursor?
    let offset: Int
    let limit: Int

    /// - Throws: 400 for a cursor together with another page than the first.
    init(page: Int, limit: Int, cursor: PageCursor?) throws {
        guard cursor == nil || page == 1 else {
            throw Refusal.validation("page", "cannot be combined with cursor; send one of them")
        }
        self.cursor = cursor
        self.limit = limit
        offset = cursor == nil ? (page - 1) * limit : 0
    }

    /// The condition for the rows after the cursor, of a list that is sorted by the column `moment` and the id.
    func after(_ moment: String) -> SQL {
        cursor.map { "AND (\(identifier: moment), id) < (\($0.moment), \($0.id))" } ?? .empty
    }
}

extension Call {
    /// The page that the query asks for.
    var place: PagePlace {
        get throws { try PagePlace(page: query(.page), limit: query(.limit), cursor: query(.cursor)) }
    }
}
