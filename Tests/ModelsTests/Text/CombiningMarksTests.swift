import Testing

@testable import SharedModels

/// The promise under test: no caller's text has so many combining marks in a row that it is slow to compare, and every
/// language has room.
@Suite struct CombiningMarksTests {
    private func marks(_ count: Int) -> String { String(repeating: "\u{323}", count: count) }

    @Test func `thirty marks in a row are enough, anywhere and again and again`() {
        for text in ["", "plain", "e" + marks(30), marks(30), marks(30) + "x" + marks(30) + "é", "日本語\u{3099}"] {
            #expect(CombiningMarks.areFew(in: text))
            #expect(CombiningMarks.thinned(text).isSpelled(text))
        }
    }

    @Test(arguments: ["\u{301}", "\u{5B0}", "\u{345}", "\u{1D165}", "\u{3099}", "\u{FE20}", "\u{E38}"])
    func `more than thirty are too many, of whatever script`(mark: String) {
        #expect(!CombiningMarks.areFew(in: "a" + String(repeating: mark, count: 31)))
        #expect(CombiningMarks.areFew(in: String(repeating: "a" + mark, count: 31)))
    }

    @Test func `what is over the limit is left out of a text that is not refused`() {
        #expect(CombiningMarks.thinned("e" + marks(100) + "x").isSpelled("e" + marks(30) + "x"))
    }

    @Test func `each text of a body is named`() {
        let body: JSONValue = [
            "title": .string("e" + marks(31)), "ok": .string("e" + marks(30)),
            "list": [.string("a"), ["deep": .string(marks(40))]],
        ]
        let issues = CombiningMarks.issues(in: body)
        #expect(issues.map(\.path) == ["title", "list.1.deep"])
        #expect(issues.first?.message == "must not have more than 30 combining marks in a row")
    }

    @Test func `an excerpt is cut by code points, whatever they combine to`() {
        #expect(("e" + marks(1000)).excerpt.isSpelled("e" + marks(63)))
        #expect("short".excerpt == "short")
    }
}
