import SharedModels
import Testing

/// The promise under test: a moment is read exactly, to the microsecond, and is written in one form.
@Suite struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.000001Z", 1),
            ("1969-12-31T23:59:59.999999Z", -1),
            ("2026-01-02T03:04:05.678901Z", 1_767_323_045_678_901),
            ("2000-02-29T23:59:59Z", 951_868_799_000_000),
            ("2038-01-19T03:14:08Z", 2_147_483_648_000_000),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
            ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
            ("1969-12-31T00:00:00Z", -86_400_000_000),
        ] as [(String, Int64)])
    func `a moment is read and written the same, before 1970 and at both ends`(
        text: String, microseconds: Int64
    ) throws {
        let moment = try #require(Timestamp(text))
        #expect(moment.microseconds == microseconds)
        #expect(moment.description == text)
        #expect(try JSONValue.encode(moment).elementsEqual("\"\(text)\"".utf8))
        #expect(try JSONValue.string(text).decode(Timestamp.self) == moment)
    }

    @Test(arguments: [
        ("2026-01-02t03:04:05z", "2026-01-02T03:04:05Z"),
        ("2026-01-02T03:04:05.5Z", "2026-01-02T03:04:05.500000Z"),
        ("2026-01-02T03:04:05.000Z", "2026-01-02T03:04:05Z"),
        ("2026-01-02T03:04:05.1234569Z", "2026-01-02T03:04:05.123456Z"),
        ("2026-01-02T03:04:05+00:00", "2026-01-02T03:04:05Z"),
        ("2026-01-02T03:04:05-00:00", "2026-01-02T03:04:05Z"),
        ("2026-01-01T00:30:00+05:30", "2025-12-31T19:00:00Z"),
        ("2025-12-31T20:00:00.25-08:00", "2026-01-01T04:00:00.250000Z"),
        ("2026-01-02T03:04:05+23:59", "2026-01-01T03:05:05Z"),
        ("2026-01-02T03:04:05." + String(repeating: "9", count: 10_000) + "Z", "2026-01-02T03:04:05.999999Z"),
    ])
    func `other forms of RFC 3339 are read as the same moment in UTC`(text: String, canonical: String) {
        #expect(Timestamp(text)?.description == canonical)
    }

    @Test(arguments: [
        "", "2026-01-02", "2026-01-02T03:04:05", "2026-01-02 03:04:05Z", "2026-01-02T03:04Z",
        "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05,5Z", "2026-01-02T24:00:00Z", "2026-01-02T03:60:00Z",
        "2026-01-02T03:04:60Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-06-31T00:00:00Z",
        "2026-02-29T00:00:00Z", "2026-01-00T00:00:00Z", "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z",
        "-2026-01-02T03:04:05Z", "+2026-01-02T03:04:05Z", "26-01-02T03:04:05Z", "2026-1-2T3:4:5Z",
        "2026-01-02T03:04:05+24:00", "2026-01-02T03:04:05+01:60", "2026-01-02T03:04:05+0100",
        "2026-01-02T03:04:05+01", "2026-01-02T03:04:05ZZ", "2026-01-02T03:04:05Z ", " 2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05 Z", "20260102T030405Z", "2026-01-02T03:04:05Z[UTC]", "2026-W01-5T00:00:00Z",
        "２026-01-02T03:04:05Z", "1767323045", "now", "infinity",
    ])
    func `anything else is no moment`(text: String) throws {
        #expect(Timestamp(text) == nil)
        #expect(throws: JSONMismatch.self) { try JSONValue.string(text).decode(Timestamp.self) }
    }

    @Test(arguments: [
        "0001-01-01T00:00:00+00:01", "0001-01-01T12:00:00+23:59", "9999-12-31T23:59:59-00:01",
        "9999-12-31T23:59:59.5-23:59",
    ])
    func `a zone does not lead out of the years that can be written`(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func `every moment of the calendar survives being written`(seed: UInt64) throws {
        var invention = Invention(seed: seed)
        let moment = invention.moment()
        #expect(Timestamp(moment.description) == moment)
        #expect(moment.day.description == String(moment.description.prefix(10)))
        let next = invention.moment()
        #expect((moment < next) == (moment.microseconds < next.microseconds))
        #expect(moment + (next - moment) == next)
    }

    @Test func `seconds and days are rounded down, before 1970 too`() {
        #expect(Timestamp(microseconds: -1).seconds == -1)
        #expect(Timestamp(microseconds: -1_000_000).seconds == -1)
        #expect(Timestamp(microseconds: -1_000_001).seconds == -2)
        #expect(Timestamp(microseconds: 1_999_999).seconds == 1)
        #expect(Timestamp(microseconds: -1).day == CalendarDay(daysSince1970: -1))
        #expect(Timestamp(seconds: -86_400).day == CalendarDay(daysSince1970: -1))
        #expect(Timestamp(seconds: -86_401).day == CalendarDay(daysSince1970: -2))
        #expect(Timestamp(seconds: 86_399).day == CalendarDay(daysSince1970: 0))
        #expect(Timestamp(microseconds: .min).seconds == -9_223_372_036_855)
        #expect(Timestamp(microseconds: .max).seconds == 9_223_372_036_854)
    }

    @Test func `spans are cut to whole microseconds`() {
        let start = Timestamp(microseconds: 10)
        #expect(start + .microseconds(5) == Timestamp(microseconds: 15))
        #expect(start - .seconds(1) == Timestamp(microseconds: -999_990))
        #expect(start + .nanoseconds(1999) == Timestamp(microseconds: 11))
        #expect(start + .nanoseconds(-1999) == Timestamp(microseconds: 9))
        #expect(Timestamp(seconds: 90) - Timestamp(seconds: 60) == .seconds(30))
        #expect(Duration.days(1) == .hours(24))
        #expect(Duration.hours(1) == .minutes(60))
        #expect(Duration.minutes(1).wholeMilliseconds == 60_000)
    }
}
