import Foundation
import SharedModels

/// How money and times are written for one visitor.
struct Display: Sendable {
    let locale: Locale
    let zone: TimeZone
    let now: Timestamp

    /// - Parameters:
    ///   - languages: The header `Accept-Language`. The first one counts.
    ///   - zone: The name of a time zone, as our script tells it; UTC without.
    init(languages: String?, zone: String?, now: Timestamp) {
        let first = languages?.utf8.prefix { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: ";") } ?? "en-US".utf8[...]
        let isTag =
            (2...35).contains(first.count) && first.allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "-") }
        locale = Locale(identifier: isTag ? String(decoding: first, as: UTF8.self) : "en-US")
        let isZone = zone.map { $0.utf8.count <= 64 && $0.utf8.allSatisfy(Self.isZoneByte) } ?? false
        self.zone = (isZone ? zone.flatMap(TimeZone.init(identifier:)) : nil) ?? .gmt
        self.now = now
    }

    private static func isZoneByte(_ byte: UInt8) -> Bool {
        byte.isASCIIAlphanumeric || "/_+-".utf8.contains(byte)
    }

    /// `$1,200` or `$12.50`.
    func money(_ cents: Int64, _ currency: String = "USD") -> String {
        let amount = Decimal(cents) / 100
        let digits = cents % 100 == 0 ? 0 : 2
        return amount.formatted(
            .currency(code: currency.uppercased()).precision(.fractionLength(digits)).locale(locale))
    }

    /// `$50 an hour`.
    func rate(_ cents: Int64?) -> String {
        guard let cents else { return "Rate to be agreed" }
        return cents == 0 ? "Volunteer work" : "\(money(cents)) an hour"
    }

    /// `0.8`, `12`: milliseconds, with a digit after the point while they are few.
    func milliseconds(_ microseconds: Int64) -> String {
        let milliseconds = Double(microseconds) / 1000
        return milliseconds.formatted(
            .number.precision(.fractionLength(milliseconds < 10 ? 1 : 0)).locale(locale))
    }

    func number(_ number: Int64) -> String { number.formatted(.number.locale(locale)) }

    /// A moment for a `<time>`: for machines, in full, and how long ago or ahead. What lies ahead is a deadline more often
    /// than not, so its moment is there to be read without a mouse.
    func time(_ moment: Timestamp) -> Values {
        let near = near(moment)
        let isCounted = moment > now && near != day(moment) && near != Self.now
        return [
            "iso": moment.description, "full": full(moment),
            "near": isCounted ? "\(near) (\(date(moment).formatted(style(time: .shortened))))" : near,
        ]
    }

    private static let now = "just now"

    func day(_ moment: Timestamp) -> String {
        date(moment).formatted(style(time: .omitted))
    }

    /// A day of the calendar, whatever the zone.
    func day(_ day: CalendarDay) -> String {
        Date(timeIntervalSince1970: Double(day.daysSince1970) * 86_400)
            .formatted(Date.FormatStyle(date: .abbreviated, time: .omitted, locale: locale, timeZone: .gmt))
    }

    func full(_ moment: Timestamp) -> String {
        "\(date(moment).formatted(style(time: .shortened))) \(zone.identifier == "GMT" ? "UTC" : zone.identifier)"
    }

    private func style(time: Date.FormatStyle.TimeStyle) -> Date.FormatStyle {
        Date.FormatStyle(date: .abbreviated, time: time, locale: locale, timeZone: zone)
    }

    private func date(_ moment: Timestamp) -> Date { Date(timeIntervalSince1970: Double(moment.seconds)) }

    /// `in 3 days`, `2 hours ago`.
    func near(_ moment: Timestamp) -> String {
        let seconds = moment.seconds - now.seconds
        let steps: [(Int64, String)] = [(86_400, "day"), (3600, "hour"), (60, "minute")]
        guard let (size, unit) = steps.first(where: { abs(seconds) >= $0.0 }) else { return Self.now }
        let count = abs(seconds) / size
        if unit == "day", count > 45 { return day(moment) }
        let span = "\(count) \(unit)\(count == 1 ? "" : "s")"
        return seconds < 0 ? "\(span) ago" : "in \(span)"
    }
}
