/// A calendar month in UTC.
public struct CalendarMonth: Hashable, Sendable {
    public let firstDay: CalendarDay

    public init(of moment: Timestamp) { self.init(of: moment.day) }

    public init(of day: CalendarDay) {
        firstDay = CalendarDay(daysSince1970: day.daysSince1970 - day.civil.day + 1)
    }

    /// - Returns: `nil` when the calendar has no such month. `year` is 1 to 9999.
    public init?(year: Int, month: Int) {
        guard let day = CalendarDay(year: year, month: month, day: 1) else { return nil }
        firstDay = day
    }

    /// When the next one begins.
    public var end: Timestamp {
        let (year, month, _) = firstDay.civil
        let lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return Timestamp(seconds: Int64(firstDay.daysSince1970 + lengths[month - 1]) * 86_400)
    }

    private func isLeap(_ year: Int) -> Bool { CalendarDay(year: year, month: 2, day: 29) != nil }

    /// Months since the beginning of the year 0.
    private var number: Int { firstDay.civil.year * 12 + firstDay.civil.month - 1 }

    /// How many months later than `other` it is; negative when it is earlier.
    public func months(since other: Self) -> Int { number - other.number }

    /// The month `count` months later, within the years 1 to 9999.
    public func adding(months count: Int) -> Self {
        let wanted = min(max(number + count, 12), 9999 * 12 + 11)
        return Self(year: wanted / 12, month: wanted % 12 + 1) ?? self
    }
}

extension CalendarMonth: Comparable {
    public static func < (left: Self, right: Self) -> Bool { left.firstDay < right.firstDay }
}

extension CalendarMonth: CustomStringConvertible {
    /// `YYYY-MM`.
    public var description: String { String(firstDay.description.dropLast(3)) }

    /// Reads exactly `YYYY-MM`.
    public init?(_ text: some StringProtocol) {
        guard let day = CalendarDay("\(text)-01") else { return nil }
        firstDay = day
    }
}

extension CalendarMonth: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let month = Self(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a month: YYYY-MM is expected")
            )
        }
        self = month
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
