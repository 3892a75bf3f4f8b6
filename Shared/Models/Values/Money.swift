/// The currencies Guildhall deals in. Both have two decimal places (ISO 4217).
public enum Currency: String, Codable, CaseIterable, Sendable {
    case usd, inr
}

/// An amount in whole minor units (cents, paise) of one currency.
///
/// Amounts of two currencies are never added. Doing so is a bug in our code and stops the process.
public struct Money: Hashable, Sendable {
    public let minorUnits: Int64
    public let currency: Currency

    public init(minorUnits: Int64, currency: Currency) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    public static func usd(cents: Int64) -> Self {
        Self(minorUnits: cents, currency: .usd)
    }

    public static func zero(_ currency: Currency) -> Self { Self(minorUnits: 0, currency: currency) }

    public var isZero: Bool { minorUnits == 0 }

    public static func + (left: Self, right: Self) -> Self {
        precondition(left.currency == right.currency, "amounts of two currencies are never added")
        return Self(minorUnits: left.minorUnits + right.minorUnits, currency: left.currency)
    }

    public static func - (left: Self, right: Self) -> Self {
        precondition(left.currency == right.currency, "amounts of two currencies are never subtracted")
        return Self(minorUnits: left.minorUnits - right.minorUnits, currency: left.currency)
    }
}
