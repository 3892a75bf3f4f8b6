/// The currencies Guildhall deals in.
public enum Currency: String, Codable, CaseIterable, Sendable {
    case usd, inr

    /// What the payment provider takes in one payment, in minor units: Stripe's smallest and largest charges.
    public var chargeable: ClosedRange<Int64> {
        switch self {
        case .usd, .inr: 50...99_999_999
        }
    }

    /// The one table of decimal places (ISO 4217).
    public var decimals: Decimals {
        switch self {
        case .usd, .inr: .two
        }
    }
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

    public static func inr(paise: Int64) -> Self {
        Self(minorUnits: paise, currency: .inr)
    }

    public static func zero(_ currency: Currency) -> Self { Self(minorUnits: 0, currency: currency) }

    public var isZero: Bool { minorUnits == 0 }

    /// Whether a piece of work can cost this much: nothing, or what the payment provider takes.
    public var isPayable: Bool { isZero || currency.chargeable.contains(minorUnits) }

    public static func + (left: Self, right: Self) -> Self {
        precondition(left.currency == right.currency, "amounts of two currencies are never added")
        return Self(minorUnits: left.minorUnits + right.minorUnits, currency: left.currency)
    }

    public static func - (left: Self, right: Self) -> Self {
        precondition(left.currency == right.currency, "amounts of two currencies are never subtracted")
        return Self(minorUnits: left.minorUnits - right.minorUnits, currency: left.currency)
    }
}
