import Foundation
import SharedModels

/// What moved in each of twelve months, as bars that are drawn here: the partial `chart`. What is below nothing has a number and
/// no bar.
struct MonthChart {
    private static let height = 140

    private let title: String
    private let currency: String
    private let display: Display
    /// The months' names, and what moved in each, the oldest first.
    private let months: [(name: String, cents: Int64)]

    /// The last twelve months, in the visitor's zone.
    init(
        _ title: String, _ amounts: [(at: Timestamp, cents: Int64)], currency: String = "USD", _ display: Display
    ) {
        (self.title, self.currency, self.display) = (title, currency, display)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = display.zone
        func number(_ moment: Timestamp) -> Int {
            let date = Date(timeIntervalSince1970: Double(moment.seconds))
            return calendar.component(.year, from: date) * 12 + calendar.component(.month, from: date) - 1
        }
        var sums: [Int: Int64] = [:]
        for amount in amounts { sums[number(amount.at), default: 0] += amount.cents }
        let style = Date.FormatStyle(locale: display.locale, timeZone: display.zone).month(.abbreviated)
        let last = number(display.now)
        months = (last - 11...last).map { month in
            let day = DateComponents(year: month / 12, month: month % 12 + 1, day: 2)
            return (calendar.date(from: day)?.formatted(style) ?? "", sums[month] ?? 0)
        }
    }

    /// - Parameter months: The oldest first, in UTC.
    init(
        _ title: String, months: [(month: CalendarMonth, cents: Int64)], currency: String = "USD", _ display: Display
    ) {
        (self.title, self.currency, self.display) = (title, currency, display)
        let style = Date.FormatStyle(locale: display.locale, timeZone: .gmt).month(.abbreviated)
        self.months = months.map { month, cents in
            let day = Date(timeIntervalSince1970: Double(month.firstDay.daysSince1970) * 86_400)
            return (day.formatted(style), cents)
        }
    }

    var values: Values {
        let most = max(1, months.map(\.cents).max() ?? 1)
        let bars: [Values] = months.enumerated().map { index, month in
            let tall = max(0, Int(Double(month.cents) / Double(most) * Double(Self.height)))
            let (left, top) = (index * 50 + 8, 10 + Self.height - tall)
            return [
                "x": left, "y": top, "tall": tall, "middle": left + 17, "month": month.name, "sum": money(month.cents),
                "isNotNothing": month.cents != 0, "above": top - 4,
            ]
        }
        let id = title.utf8.map { $0.isASCIIAlphanumeric ? String(UnicodeScalar($0)) : "-" }.joined()
        return ["bars": bars, "chartID": id, "chartTitle": title, "most": money(months.map(\.cents).max() ?? 0)]
    }

    /// The same months of several charts as the rows of a table.
    static func rows(_ charts: [MonthChart]) -> [Values] {
        guard let first = charts.first else { return [] }
        return first.months.indices.reversed().map { index in
            [
                "month": first.months[index].name,
                "sums": charts.map { ["sum": $0.money($0.months[index].cents)] as Values },
            ]
        }
    }

    private func money(_ cents: Int64) -> String { display.money(cents, currency) }
}
