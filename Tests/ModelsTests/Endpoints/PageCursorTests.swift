import SharedModels
import Testing

/// The promise under test: a cursor names a place in a list, and one that was made up is refused by name.
@Suite struct PageCursorTests {
    private static let digits = "0192a0b1c2d37e4f8a5b6c7d8e9f0a1b"

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `a cursor leads back to the moment and the id it was made of`(seed: UInt64) throws {
        var invention = Invention(seed: seed)
        let cursor = PageCursor(invention.moment(), invention.id())
        let text = cursor.description
        #expect(PageCursor(text) == cursor)
        #expect(try Parameter<PageCursor?>.cursor.value(of: text) == cursor)
        #expect(text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
    }

    @Test func `a cursor keeps the id of any kind of thing`() {
        let id = ContractID.make(at: Timestamp(seconds: 1))
        let cursor = PageCursor(Timestamp(seconds: 1), id)
        #expect(PageCursor(cursor.description)?.id == id.uuid)
    }

    @Test(arguments: [
        "", "-", "1", "abc", "-\(digits)", "1-", "1-\(digits)0", "1-\(digits.dropLast())", "!-\(digits)",
        "1.5-\(digits)", "1--\(digits)",
        "é-\(digits)", "1-user_\(digits)", "'; DROP TABLE gigs; --", "../../etc/passwd", "1-\(digits)\0",
        " 1-\(digits)",
        // Past the calendar, and past 64 bits.
        "zzzzzzzzzzzz-\(digits)", "zzzzzzzzzzzzz-\(digits)", "1y2p0ij32e8e7-\(digits)",
        "-1y2p0ij32e8e8-\(digits)",
        "eyJpZCI6MX0=", "2026-01-01T00:00:00Z",
    ])
    func `a hostile cursor is refused by its name`(text: String) {
        let error = #expect(throws: InvalidParameter.self) {
            try Parameter<PageCursor?>.cursor.value(of: text)
        }
        #expect(error?.issue.path == "cursor")
        #expect(error?.issue.message.isEmpty == false)
    }

    @Test func `no moment is past those that can be written`() {
        let range = Timestamp.calendarRange
        for (moment, isInside) in [
            (range.upperBound, true), (range.upperBound + .microseconds(1), false), (range.lowerBound, true),
            (range.lowerBound - .microseconds(1), false),
        ] {
            let cursor = PageCursor(moment, GigID.sample)
            #expect((PageCursor(cursor.description) != nil) == isInside, "\(moment.microseconds)")
        }
        #expect(PageCursor(PageCursor.newest.description) == .newest)
    }

    @Test func `a page tells where the next one begins, however early it ends, and the last one does not`() {
        let rows = (0..<5).map {
            PageCursor(Timestamp(seconds: 100 - $0), GigID.make(at: Timestamp(seconds: 1)))
        }
        let full = Page(rows, limit: 4, bytes: { _ in 1 }) { $0 }
        #expect(full.items == Array(rows.prefix(4)))
        #expect(full.nextCursor == rows[3].description)
        let last = Page(rows, limit: 5, bytes: { _ in 1 }) { $0 }
        #expect(last.items == rows)
        #expect(last.nextCursor == nil)
        let short = Page(rows, limit: 4, bytes: { _ in PageSize.most / 2 }) { $0 }
        #expect(short.items == Array(rows.prefix(2)))
        #expect(short.nextCursor == rows[1].description)
        let huge = Page(rows, limit: 4, bytes: { _ in PageSize.most + 1 }) { $0 }
        #expect(huge.items == Array(rows.prefix(1)))
        #expect(huge.nextCursor == rows[0].description)
        let empty = Page([PageCursor](), limit: 5, bytes: { _ in 1 }) { $0 }
        #expect(empty.items.isEmpty)
        #expect(empty.nextCursor == nil)
    }
}
