/// A date as callers write it: a day, which means its beginning in UTC, or a time as browsers write dates: `2026-03-01`,
/// `2026-03-01T00:00:00.000Z`. An empty text, as a form sends it of a field that was left empty, is no date.
public struct DayOrTime: Hashable, Sendable, Codable {
    /// As it was written. The workflow refuses what has no ``moment``.
    public let text: String

    public init(_ moment: Timestamp) {
        text = moment.description
    }

    public init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    public var moment: Timestamp? {
        Timestamp(text) ?? CalendarDay(text).map { Timestamp(seconds: Int64($0.daysSince1970) * 86_400) }
    }
}

extension DayOrTime: SchemaDescribed {
    public static var schema: Schema {
        var rules = StringRules()
        rules.length = 0...35
        rules.pattern =
            #"^([0-9]{4}-[0-9]{2}-[0-9]{2}([Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2}))?)?$"#
        return .string(rules)
    }

    public static var sample: Self { Self(.sample) }
}
