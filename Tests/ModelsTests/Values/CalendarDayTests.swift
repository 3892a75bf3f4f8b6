import SharedModels
import Testing

/// The promise under test: days are those of the Gregorian calendar, years 1 to 9999.
@Suite struct CalendarDayTests {
    @Test(arguments: [
        ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2000-03-01", 11_017),
        ("0001-01-01", -719_162), ("9999-12-31", 2_932_896), ("1582-10-10", -141_432), ("2026-01-31", 20_484),
    ])
    func `a day is read and written the same`(text: String, daysSince1970: Int) throws {
        let day = try #require(CalendarDay(text))
        #expect(day.daysSince1970 == daysSince1970)
        #expect(day.description == text)
        #expect(try JSONValue.encode(day).elementsEqual("\"\(text)\"".utf8))
        #expect(try JSONValue.string(text).decode(CalendarDay.self) == day)
    }

    @Test(arguments: [
        "", "2026", "2026-01", "2026-1-1", "2026-01-1", "26-01-01", "2026/01/01", "20260101", "2026-00-01",
        "2026-13-01", "2026-01-00", "2026-01-32", "2026-04-31", "2026-02-29", "1900-02-29", "2100-02-29",
        "2024-02-30", "0000-12-31", "10000-01-01", "-001-01-01", "+2026-01-01", "2026-01-01 ", " 2026-01-01",
        "2026-01-01T00:00:00Z", "2026-01-01\0", "２026-01-01", "2026-W01-1", "today",
    ])
    func `what the calendar does not have is refused`(text: String) throws {
        #expect(CalendarDay(text) == nil)
        #expect(throws: JSONMismatch.self) { try JSONValue.string(text).decode(CalendarDay.self) }
    }

    @Test(
        arguments: [
            (0, 1, 1), (10_000, 1, 1), (-1, 1, 1), (2026, 0, 1), (2026, 13, 1), (2026, 1, 0), (2026, 1, 32),
            (2026, 1, -1), (2023, 2, 29),
            (.min, .min, .min), (2026, 1, .max), (.max, 1, 1), (2026, .max, 1),
        ] as [(Int, Int, Int)])
    func `numbers that name no day are refused`(year: Int, month: Int, day: Int) {
        #expect(CalendarDay(year: year, month: month, day: day) == nil)
    }

    @Test func `400 years follow each other day by day`() throws {
        var day = try #require(CalendarDay(year: 1800, month: 1, day: 1))
        for year in 1800..<2200 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            for (month, length) in zip(1..., lengths) {
                for number in 1...length {
                    guard day.civil == (year, month, number),
                        CalendarDay(year: year, month: month, day: number) == day
                    else {
                        Issue.record("\(day) is not \(year)-\(month)-\(number)")
                        return
                    }
                    day = CalendarDay(daysSince1970: day.daysSince1970 + 1)
                }
                #expect(CalendarDay(year: year, month: month, day: length + 1) == nil)
            }
        }
        #expect(day.description == "2200-01-01")
    }

    @Test func `days are ordered as their texts are`() {
        let days = stride(from: -719_162, through: 2_932_896, by: 9973).map(CalendarDay.init(daysSince1970:))
        #expect(days.map(\.description).sorted() == days.map(\.description))
        #expect(days.shuffled().sorted() == days)
        #expect(days.allSatisfy { CalendarDay($0.description) == $0 })
    }
}
