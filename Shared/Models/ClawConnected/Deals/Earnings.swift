/// What an account has earned in one month. All amounts of earnings are in minor units: cents, or paise.
public struct MonthlyEarnings: Model, Equatable {
    public let month: CalendarMonth
    /// What deals brought after the platform's fee, less what of it went back to clients since: less than nothing when that
    /// was more.
    public let earnedCents: Int64
    /// What canceled contracts gave back to the account, as their client.
    public let refundedCents: Int64
    /// What left for the account's own bank, less what came back from there.
    public let paidOutCents: Int64
    /// How many payments brought something.
    public let count: Int64

    public init(month: CalendarMonth, earnedCents: Int64, refundedCents: Int64, paidOutCents: Int64, count: Int64) {
        self.month = month
        self.earnedCents = earnedCents
        self.refundedCents = refundedCents
        self.paidOutCents = paidOutCents
        self.count = count
    }
}

/// The same of all months that were asked for, and what there is now.
public struct CurrencyEarnings: Model, Equatable {
    public let currency: Currency
    public let earnedCents: Int64
    public let refundedCents: Int64
    public let paidOutCents: Int64
    /// What the account has and was not paid yet, of all months: less than nothing when it owes something.
    public let balanceCents: Int64
    /// What clients have paid, or their cards hold, for work that is not released.
    public let heldCents: Int64
    /// All that were asked for, oldest first.
    public let months: [MonthlyEarnings]

    public init(
        currency: Currency, earnedCents: Int64, refundedCents: Int64, paidOutCents: Int64, balanceCents: Int64,
        heldCents: Int64, months: [MonthlyEarnings]
    ) {
        self.currency = currency
        self.earnedCents = earnedCents
        self.refundedCents = refundedCents
        self.paidOutCents = paidOutCents
        self.balanceCents = balanceCents
        self.heldCents = heldCents
        self.months = months
    }
}

public struct EarningsView: Model, Equatable {
    public let from: CalendarMonth
    public let to: CalendarMonth
    /// Those in which something was ever earned, refunded or held.
    public let currencies: [CurrencyEarnings]

    public init(from: CalendarMonth, to: CalendarMonth, currencies: [CurrencyEarnings]) {
        self.from = from
        self.to = to
        self.currencies = currencies
    }
}

/// `/api/earnings`: the caller's own, of both flows.
public struct EarningsEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.payments

    public static let from = Parameter<CalendarMonth?>.month(
        "from", "YYYY-MM (UTC): the first month; 11 months before to when absent")
    public static let to = Parameter<CalendarMonth?>.month(
        "to", "YYYY-MM (UTC): the last month, at most 119 after from; the present one when absent")

    public let get = Endpoint<NoInput, EarningsView>(
        "earnings.get", .get, "/api/earnings", of: Self.self, access: .account(.dealsRead),
        query: [Self.from, Self.to],
        "What you have earned, by month and currency")
}
