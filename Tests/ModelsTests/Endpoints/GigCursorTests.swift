import SharedModels
import Testing

/// The promise under test: a cursor of a search is read back whole, and one that was made up is refused by name.
@Suite struct GigCursorTests {
    private static let place = "abc-0192a0b1c2d37e4f8a5b6c7d8e9f0a1b"
    private static let search = "00000000000000ff"

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `a cursor leads back to what it was made of`(seed: UInt64) throws {
        var invention = Invention(seed: seed)
        let place = PageCursor(invention.moment(), invention.id())
        for search in [nil, 0, seed, .max] as [UInt64?] {
            for key in search == nil ? [nil] : [nil, 0, Int64(seed), .max] as [Int64?] {
                let cursor = GigCursor(search: search, key: key, place: place)
                #expect(GigCursor(cursor.description) == cursor)
                #expect(try GigSearchParameters.cursor.value(of: cursor.description) == cursor)
                #expect(GigSearchParameters.cursor.schema.issues(in: .string(cursor.description)).isEmpty)
            }
        }
    }

    @Test func `the plain list's cursor is that of any list`() throws {
        let place = try #require(PageCursor(Self.place))
        #expect(GigCursor(Self.place) == GigCursor(search: nil, key: nil, place: place))
        #expect(GigCursor(search: nil, key: nil, place: place).description == Self.place)
        #expect(PageCursor("\(Self.search)..\(Self.place)") == nil)
    }

    @Test(arguments: [
        "", ".", "..", "\(search).\(place)", "\(search)..", "\(search)...\(place)", ".1.\(place)",
        "ff.1.\(place)", "\(search.uppercased()).1.\(place)", "+0000000000000ff.1.\(place)",
        "\(search)0.1.\(place)", "\(search).-1.\(place)", "\(search).+1.\(place)", "\(search).01.\(place)",
        "\(search).A.\(place)", "\(search).zzzzzzzzzzzzz.\(place)", "\(search).1.nonsense",
        "\(search).1.\(place)\0", "\(search).1.\(place).", "1.\(place)", "'; DROP TABLE gigs; --",
    ])
    func `a hostile cursor is refused by its name`(text: String) {
        let error = #expect(throws: InvalidParameter.self) {
            try GigSearchParameters.cursor.value(of: text)
        }
        #expect(error?.issue.path == "cursor")
    }

    @Test(arguments: [
        ("-1", "must be 0 to 2^53 - 1"), ("9007199254740992", "must be 0 to 2^53 - 1"),
        ("", "must be a whole number"), ("ten", "must be a whole number"), ("1.5", "must be a whole number"),
        ("1e3", "must be a whole number"), ("99999999999999999999", "must be a whole number"),
        ("+5", "is not acceptable"), ("007", "is not acceptable"),
    ])
    func `a rate that is no amount is refused with what is expected`(text: String, message: String) {
        for parameter in [GigSearchParameters.minimumRate, GigSearchParameters.maximumRate] {
            let error = #expect(throws: InvalidParameter.self) { try parameter.value(of: text) }
            #expect(error?.issue == InputIssue(path: parameter.name, message: message))
        }
    }

    @Test func `amounts from 0 to the largest are read, and none at all`() throws {
        let rate = GigSearchParameters.minimumRate
        #expect(try rate.value(of: nil) == nil)
        for amount in [0, 1, 4_500, 9_007_199_254_740_991] as [Int64] {
            #expect(try rate.value(of: String(amount)) == amount)
        }
    }
}
