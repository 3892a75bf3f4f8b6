import ServiceKit
import SharedModels

/// Divides a released escrow between the platform and the worker.
///
/// The fee is rounded down to a whole cent, so a fraction of one always goes to the worker
/// (`platform_fee_cents = floor(amount_cents * fee_bps / 10000)`). Nothing is created or lost: `fee + earning
/// == amount`.
struct FeeSplit: Equatable, Sendable {
    /// What the platform keeps. Less than the amount.
    let fee: Money
    /// What the worker gets. At least one minor unit.
    let earning: Money

    /// Below 100 %, so that a release always pays something out.
    static let basisPointsRange = DealSettings.feeBasisPoints

    init(fee: Money, earning: Money) {
        self.fee = fee
        self.earning = earning
    }

    /// - Parameters:
    ///   - amount: At least one minor unit.
    ///   - basisPoints: The platform's share, in ``basisPointsRange``.
    init(_ amount: Money, basisPoints: Int) {
        precondition(amount.minorUnits > 0 && Self.basisPointsRange.contains(basisPoints))
        let rate = Int64(basisPoints)
        // Whole ten-thousands and the rest apart: the product of any amount and rate would not fit 64 bits.
        let (whole, rest) = amount.minorUnits.quotientAndRemainder(dividingBy: 10_000)
        fee = Money(minorUnits: whole * rate + rest * rate / 10_000, currency: amount.currency)
        earning = amount - fee
    }
}
