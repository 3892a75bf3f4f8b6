import SharedModels

/// What a piece of work can cost here: nothing, or what the payment provider takes, and no less than the operator wants.
struct PriceRule: Sendable, Equatable {
    private let smallest: Int64

    /// - Parameter minimumCents: `MINIMUM_MILESTONE_CENTS`.
    init(minimumCents: Int64 = 0) {
        smallest = max(minimumCents, Currency.usd.chargeable.lowerBound)
    }

    func allows(_ amount: Money) -> Bool { amount.isZero || amount.isPayable && amount.minorUnits >= smallest }

    /// The end of a sentence about an amount.
    var words: String { "must be 0, or \(smallest) to \(Currency.usd.chargeable.upperBound)" }
}
