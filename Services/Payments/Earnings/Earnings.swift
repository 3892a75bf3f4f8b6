import SharedModels

/// What an account has earned in one currency.
struct Earnings: Sendable, Equatable {
    let currency: Currency
    /// Those in which something moved, oldest first.
    var months: [EarningsMonth] = []
    /// What was earned and refunded and has not left. Negative when the account owes it.
    var balance: Int64 = 0
    /// What clients have paid, or their cards hold, for work of the account's that is not released.
    var held: Int64 = 0
}

/// The sums of one month, in minor units.
struct EarningsMonth: Sendable, Equatable {
    let month: CalendarMonth
    var sums: EarningsSums
}

struct EarningsSums: Sendable, Equatable {
    /// What deals brought the account as their worker, less what of it went back to clients.
    var earned: Int64 = 0
    /// What the account got back as a client.
    var refunded: Int64 = 0
    /// What left for the account's own bank, less what came back from there.
    var paidOut: Int64 = 0
    /// How many payments of deals brought something.
    var payments: Int64 = 0

    static func + (left: Self, right: Self) -> Self {
        Self(
            earned: left.earned + right.earned, refunded: left.refunded + right.refunded,
            paidOut: left.paidOut + right.paidOut, payments: left.payments + right.payments)
    }
}

/// The months that are asked for.
struct EarningsSpan: Sendable, Equatable {
    /// Ten years.
    static let most = 120
    private static let usual = 12

    let from: CalendarMonth
    let to: CalendarMonth

    /// - Parameters:
    ///   - from: A year's months up to `to` when absent.
    ///   - to: The present month when absent.
    /// - Throws: ``EarningsError``.
    init(from: CalendarMonth?, to: CalendarMonth?, at now: Timestamp) throws(EarningsError) {
        let end = to ?? max(CalendarMonth(of: now), from ?? CalendarMonth(of: now))
        self.from = from ?? end.adding(months: 1 - Self.usual)
        self.to = end
        guard self.from <= end else { throw .endsBeforeItBegins }
        guard end.months(since: self.from) < Self.most else { throw .tooLong }
    }

    /// Every one of them, oldest first.
    var months: [CalendarMonth] { (0...to.months(since: from)).map { from.adding(months: $0) } }
}
