import ServiceKit
import SharedModels

/// Divides a released escrow between the platform and the worker.
///
/// The fee is rounded down to a whole cent, so a fraction of a cent always goes to the worker (`platform_fee_cents =
/// floor(amount_cents * fee_bps / 10000)`). Nothing is created or lost: `fee + earning == amount`.
struct FeeSplit: Equatable, Sendable {
    /// What the platform keeps. Less than the amount.
    let fee: Money
    /// What the worker gets. At least one minor unit.
    let earning: Money

    /// Below 100 %, so that every release pays something out.
    static let basisPointsRange = DealSettings.feeBasisPoints

    init(fee: Money, earning: Money) {
        self.fee = fee
        self.earning = earning
    }

    /// What a release leaves of `rest`, which may be nothing.
    init(rest: Money, basisPoints: Int) {
        if rest.isZero {
            self.init(fee: rest, earning: rest)
        } else {
            self.init(rest, basisPoints: basisPoints)
        }
    }

    /// - Parameters:
    ///   - amount: At least one minor unit.
    ///   - basisPoints: The platform's share, in ``basisPointsRange``.
    init(_ amount: Money, basisPoints: Int) {
        precondition(amount.minorUnits > 0 && Self.basisPointsRange.contains(basisPoints))
        let rate = Int64(basisPoints)
        // Whole ten-thousands and the rest are multiplied separately, because the product of amount and rate could
        // exceed 64 bits.
        let (whole, rest) = amount.minorUnits.quotientAndRemainder(dividingBy: 10_000)
        fee = Money(minorUnits: whole * rate + rest * rate / 10_000, currency: amount.currency)
        earning = amount - fee
    }
}
