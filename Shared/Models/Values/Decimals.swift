/// How many decimal places a currency's amounts have: none as in yen, two as in dollars, three as in Kuwaiti dinars.
///
/// It turns whole minor units into decimal text and back, without floating point.
public enum Decimals: Int, CaseIterable, Sendable {
    case none = 0
    case two = 2
    case three = 3

    /// How many minor units make a major one.
    public var unit: Int64 {
        switch self {
        case .none: 1
        case .two: 100
        case .three: 1_000
        }
    }

    /// Reads text such as `12`, `12.5` or `-0.05`.
    ///
    /// - Returns: `nil` for other text, for more places than there are, and for what does not fit 64 bits.
    public func minorUnits(_ text: some StringProtocol) -> Int64? {
        let isNegative = text.hasPrefix("-")
        let parts = text.dropFirst(isNegative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = Self.digits(parts[0]) else { return nil }
        var rest: Int64 = 0
        if parts.count == 2 {
            guard let digits = Self.digits(parts[1]), parts[1].utf8.count <= rawValue else { return nil }
            rest = digits
            for _ in parts[1].utf8.count..<rawValue { rest *= 10 }
        }
        let (major, isTooLarge) = whole.multipliedReportingOverflow(by: unit)
        let (sum, isTooLargeStill) = major.addingReportingOverflow(rest)
        guard !isTooLarge, !isTooLargeStill else { return nil }
        return isNegative ? -sum : sum
    }

    /// The amount with all its places: `12.50`.
    public func text(_ minorUnits: Int64) -> String {
        let sign = minorUnits < 0 ? "-" : ""
        guard self != .none else { return "\(minorUnits)" }
        let (whole, rest) = minorUnits.magnitude.quotientAndRemainder(dividingBy: UInt64(unit))
        let digits = String(rest)
        return sign + "\(whole)." + String(repeating: "0", count: rawValue - digits.utf8.count) + digits
    }

    /// The amount as a JSON number in major units: `12.5`, or `12` when nothing follows the point.
    public func number(_ minorUnits: Int64) -> JSONValue {
        var text = text(minorUnits)
        guard minorUnits % unit != 0 else { return .integer(minorUnits / unit) }
        while text.utf8.last == UInt8(ascii: "0") { text.removeLast() }
        return .decimal(text)
    }

    /// Reads a JSON number in major units, without exponent.
    ///
    /// - Returns: `nil` for anything else, and in the cases of ``minorUnits(_:)``.
    public func minorUnits(of value: JSONValue) -> Int64? {
        switch value {
        case .integer(let number):
            let (minorUnits, isTooLarge) = number.multipliedReportingOverflow(by: unit)
            return isTooLarge ? nil : minorUnits
        case .decimal(let text): return minorUnits(text)
        case .null, .bool, .string, .array, .object: return nil
        }
    }

    /// "0.50 to 999999.99, with at most 2 decimal places".
    func phrase(of range: ClosedRange<Int64>) -> String {
        let places = self == .none ? "without decimal places" : "with at most \(rawValue) decimal places"
        return "\(text(range.lowerBound)) to \(text(range.upperBound)), \(places)"
    }

    /// ASCII digits, at least one of them.
    private static func digits(_ text: some StringProtocol) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy(\.isASCIIDigit) else { return nil }
        return Int64(text)
    }
}

extension Money {
    /// - Parameter text: Decimal text in major units, such as `12.50`.
    public init?(decimal text: some StringProtocol, _ currency: Currency) {
        guard let minorUnits = currency.decimals.minorUnits(text) else { return nil }
        self.init(minorUnits: minorUnits, currency: currency)
    }

    /// In major units, with all decimal places.
    public var decimalText: String { currency.decimals.text(minorUnits) }
}
