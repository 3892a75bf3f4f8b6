/// A moment in UTC with microsecond precision: what PostgreSQL's `timestamptz` holds.
///
/// Written in JSON as ISO 8601 with `Z`; the fraction is left out when it is zero.
public struct Timestamp: Hashable, Sendable, Comparable {
    /// Microseconds since 1970-01-01T00:00:00Z. Negative before it.
    public let microseconds: Int64

    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// The years 1 to 9999: what RFC 3339 can write.
    public static let calendarRange =
        Self(microseconds: -62_135_596_800_000_000)...Self(microseconds: 253_402_300_799_999_999)

    public init(seconds: Int64) {
        self.init(microseconds: seconds * 1_000_000)
    }

    /// Whole seconds since 1970, rounded down.
    public var seconds: Int64 {
        microseconds / 1_000_000 - (microseconds % 1_000_000 < 0 ? 1 : 0)
    }

    /// The calendar day in UTC.
    public var day: CalendarDay {
        CalendarDay(daysSince1970: Int(seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400))
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.microseconds < right.microseconds
    }

    public static func + (moment: Self, span: Duration) -> Self {
        Self(microseconds: moment.microseconds + span.wholeMicroseconds)
    }

    public static func - (moment: Self, span: Duration) -> Self {
        Self(microseconds: moment.microseconds - span.wholeMicroseconds)
    }

    public static func - (later: Self, earlier: Self) -> Duration {
        .microseconds(later.microseconds - earlier.microseconds)
    }
}

extension Duration {
    /// The span in microseconds, cut towards zero.
    public var wholeMicroseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }

    /// The span in milliseconds, cut towards zero.
    public var wholeMilliseconds: Int64 {
        wholeMicroseconds / 1000
    }

    public static func minutes(_ count: Int) -> Self { .seconds(60 * count) }
    public static func hours(_ count: Int) -> Self { .seconds(3600 * count) }
    public static func days(_ count: Int) -> Self { .seconds(86_400 * count) }
}

extension Timestamp: CustomStringConvertible {
    public var description: String {
        var text = TextBuffer(capacity: 32)
        text.append(self)
        return text.string
    }

    /// Reads RFC 3339: `2026-01-02T03:04:05[.678][Z|±hh:mm]`, year 1 to 9999 in UTC.
    ///
    /// - Returns: `nil` for anything else, including a missing zone, a leap second or 31 June.
    public init?(_ text: some StringProtocol) {
        var scanner = DigitScanner(Array(text.utf8))
        guard
            let day = scanner.day(), scanner.skip("T") || scanner.skip("t"),
            let hour = scanner.number(digits: 2, 0...23), scanner.skip(":"),
            let minute = scanner.number(digits: 2, 0...59), scanner.skip(":"),
            let second = scanner.number(digits: 2, 0...59)
        else { return nil }
        var fraction: Int64 = 0
        if scanner.skip(".") {
            guard let micros = scanner.fraction() else { return nil }
            fraction = micros
        }
        var offset = 0
        if !(scanner.skip("Z") || scanner.skip("z")) {
            let sign = scanner.skip("+") ? 1 : scanner.skip("-") ? -1 : 0
            guard
                sign != 0,
                let hours = scanner.number(digits: 2, 0...23), scanner.skip(":"),
                let minutes = scanner.number(digits: 2, 0...59)
            else { return nil }
            offset = sign * (hours * 3600 + minutes * 60)
        }
        guard scanner.isAtEnd else { return nil }
        let seconds = day.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second - offset
        let moment = Self(microseconds: Int64(seconds) * 1_000_000 + fraction)
        guard Self.calendarRange.contains(moment) else { return nil }
        self = moment
    }
}

extension Timestamp: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let moment = Self(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a time: RFC 3339 is expected")
            )
        }
        self = moment
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
