import Testing

@testable import SharedModels

/// The promise under test: months are counted as the calendar has them, and read in one form.
@Suite struct CalendarMonthTests {
    @Test(arguments: ["2026-03", "2024-02", "0001-01", "9999-12"])
    func `a month is written as it is read`(text: String) throws {
        let month = try #require(CalendarMonth(text))
        #expect(month.description == text)
        #expect(CalendarMonth(of: Timestamp(microseconds: month.end.microseconds - 1)) == month)
        #expect(try JSONValue.string(text).decode(CalendarMonth.self) == month)
    }

    @Test(arguments: [
        "", "2026", "2026-3", "2026-00", "2026-13", "0000-12", "10000-01", "2026-03-01", " 2026-03", "2026-03\0",
        "２026-03",
    ])
    func `what is no month is refused`(text: String) throws {
        #expect(CalendarMonth(text) == nil)
        #expect(throws: JSONMismatch.self) { try JSONValue.string(text).decode(CalendarMonth.self) }
    }

    @Test func `months follow each other over the ends of years`() throws {
        var month = try #require(CalendarMonth("1999-11"))
        let first = month
        for (index, text) in ["1999-11", "1999-12", "2000-01", "2000-02"].enumerated() {
            #expect(month.description == text && month.months(since: first) == index)
            #expect(first.adding(months: index) == month && month.adding(months: -index) == first)
            month = CalendarMonth(of: month.end)
        }
    }

    @Test func `the calendar has a first and a last month`() throws {
        #expect(try #require(CalendarMonth("0001-02")).adding(months: -5).description == "0001-01")
        #expect(try #require(CalendarMonth("9999-11")).adding(months: 5).description == "9999-12")
    }
}
