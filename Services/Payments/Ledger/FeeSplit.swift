import ServiceKit

/// Divides a released escrow between the platform and the worker.
///
/// The fee is rounded down to a whole cent, so a fraction of one always goes to the worker
/// (`platform_fee_cents = floor(amount_cents * fee_bps / 10000)`). Nothing is created or lost: `fee + earning
/// == amount`.
struct FeeSplit: Equatable, Sendable {
    /// What the platform keeps, in minor units. Less than the amount.
    let fee: Int64
    /// What the worker gets, in minor units. At least 1.
    let earning: Int64

    /// Below 100 %, so that a release always pays something out.
    static let basisPointsRange = DealSettings.feeBasisPoints

    /// - Parameters:
    ///   - amount: In minor units, at least 1.
    ///   - basisPoints: The platform's share, in ``basisPointsRange``.
    init(_ amount: Int64, basisPoints: Int) {
        precondition(amount > 0 && Self.basisPointsRange.contains(basisPoints))
        let rate = Int64(basisPoints)
        // Whole ten-thousands and the rest apart: the product of any amount and rate would not fit 64 bits.
        fee = amount / 10_000 * rate + amount % 10_000 * rate / 10_000
        earning = amount - fee
    }
}
