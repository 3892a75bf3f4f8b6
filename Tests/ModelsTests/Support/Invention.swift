import TestSupport

@testable import SharedModels

/// Values made up from a seed, with a preference for the ends of ranges and for awkward characters.
struct Invention {
    private var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func number(in range: ClosedRange<Int64>) -> Int64 {
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: range.lowerBound
        case 1: range.upperBound
        default: .random(in: range, using: &generator)
        }
    }

    mutating func index(below count: Int) -> Int { .random(in: 0..<count, using: &generator) }

    mutating func flip() -> Bool { .random(using: &generator) }

    mutating func text(length: ClosedRange<Int>) -> String {
        let count = Int.random(in: length, using: &generator)
        var text = String.UnicodeScalarView()
        for _ in 0..<count {
            let isAwkward = index(below: 3) == 0
            text.append(
                isAwkward
                    ? Self.awkward[index(below: Self.awkward.count)]
                    : Unicode.Scalar(UInt8(97 + index(below: 26))))
        }
        return String(text)
    }

    /// Quotes, controls, line ends of other kinds, combining marks, the ends of the planes. Not U+0000.
    private static let awkward: [Unicode.Scalar] = [
        "\"", "\\", "/", "\u{1}", "\u{8}", "\t", "\n", "\u{C}", "\r", "\u{1F}", "\u{7F}", "\u{85}", " ",
        "\u{A0}", "é", "ß",
        "\u{301}", "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFD}", "\u{FFFF}", "😀", "\u{10000}", "\u{10FFFF}",
        "<", "&",
    ]

    mutating func moment() -> Timestamp {
        let range = Timestamp.calendarRange
        let microseconds = number(in: range.lowerBound.microseconds...range.upperBound.microseconds)
        let moment = Timestamp(microseconds: microseconds)
        return flip() ? moment : Timestamp(seconds: moment.seconds)
    }

    mutating func id() -> GigID { .make(at: Timestamp(seconds: number(in: 0...4_102_444_800))) }

    /// Any JSON value.
    mutating func value(depth: Int = 4) -> JSONValue {
        switch index(below: depth > 0 ? 9 : 6) {
        case 0: return .null
        case 1: return .bool(flip())
        case 2: return .integer(number(in: Int64.min...Int64.max))
        case 3: return .decimal(Self.decimals[index(below: Self.decimals.count)])
        case 4, 5: return .string(text(length: 0...12))
        case 6, 7: return .array((0..<index(below: 5)).map { _ in value(depth: depth - 1) })
        default:
            return .object(
                (0..<index(below: 5)).map {
                    JSONMember("\($0)\(text(length: 0...6))", value(depth: depth - 1))
                })
        }
    }

    private static let decimals = [
        "-0.0", "0.1", "1.50", "1e5", "1E-7", "-12.5e+10", "9223372036854775808", "12345678901234567890123",
        "5e-324",
    ]
}

extension Invention {
    /// A value that fits `schema`, written as our own types write it.
    ///
    /// - Parameter mayOmit: Whether optional members are sometimes left out. Otherwise each has a value or is `null`,
    ///   as in every answer.
    mutating func value(of schema: Schema, mayOmit: Bool = false) -> JSONValue {
        switch schema {
        case .string(let rules): return .string(text(rules))
        case .integer(let range): return .integer(number(in: range))
        case .number: return .decimal("\(Double(number(in: -1_000_000...1_000_000)) / 64)")
        case .amount(let range, let decimals):
            return decimals.number(number(in: range))
        case .boolean: return .bool(flip())
        case .nullable(let wrapped): return index(below: 3) == 0 ? .null : value(of: wrapped)
        case .any:
            return index(below: 2) == 0 ? ["only": .string(text(length: 0...5))] : [1, nil, true, [], "x"]
        case .array(let element, let count):
            let length = count.lowerBound + index(below: min(count.upperBound - count.lowerBound, 3) + 1)
            return .array((0..<length).map { _ in value(of: element) })
        case .object(let object):
            let members = object.properties.compactMap { property -> JSONMember? in
                if mayOmit, !property.isRequired, flip() { return nil }
                return JSONMember(property.name, value(of: property.schema))
            }
            return .object(members)
        }
    }

    private mutating func text(_ rules: StringRules) -> String {
        if let values = rules.values { return values[index(below: values.count)] }
        if case .string(let month) = CalendarMonth.schema, rules.pattern == month.pattern {
            return CalendarMonth(of: moment()).description
        }
        if rules.isObjectID { return GigID.make(at: Timestamp(seconds: 1)).objectID }
        if let prefix = rules.idPrefix { return "\(prefix)_\(id().description.replacing("-", with: ""))" }
        switch rules.format {
        case .uuid: return id().description
        case .date: return moment().day.description
        case .dateTime: return moment().description
        case .uri: return "https://example.org/\(index(below: 1000))?q=\(index(below: 1000))#there"
        case .email: return "somebody.\(index(below: 1000))@example.org"
        case nil:
            let most = min(rules.length.upperBound, rules.length.lowerBound + 20)
            let text = text(length: rules.length.lowerBound...most)
            return rules.refusal(of: text) == nil
                ? text : String(repeating: "x", count: max(1, rules.length.lowerBound))
        }
    }
}
