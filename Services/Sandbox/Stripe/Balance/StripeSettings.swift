import Postgres
import ServiceKit
import SharedModels

/// How this Stripe treats money, as a test has set it up.
struct StripeSettings: Sendable, Equatable {
    /// Of refunds whose card does not decide it.
    enum RefundStatus: String, CaseIterable, Sendable, PostgresValue {
        case succeeded, pending
    }

    /// Who pays out the platform's own money.
    enum PayoutSchedule: String, CaseIterable, Sendable, PostgresValue {
        /// Nobody but the platform itself.
        case manual
        /// Stripe, each day: all there is.
        case daily
    }

    /// Until the money of a charge is available.
    var balanceDelaySeconds: Int64 = 0
    /// Stripe's fee on a charge, in hundredths of a percent, and its fixed part in minor units.
    var feeBasisPoints: Int64 = 0
    var feeFixedMinor: Int64 = 0
    /// Stripe's fee for a dispute, in minor units.
    var disputeFeeMinor: Int64 = 0
    /// What a rupee is worth when it is converted on arrival, in millionths of a dollar; 0 keeps rupees as they are.
    var inrInUSDMillionths: Int64 = 0
    var refunds = RefundStatus.succeeded
    var payouts = PayoutSchedule.manual
    /// Known while the payouts are daily.
    var nextPayoutAt: Timestamp?

    /// Stripe's fee on a charge, rounded to the nearest minor unit.
    func fee(on amount: Int64) -> Int64 {
        guard feeBasisPoints > 0 || feeFixedMinor > 0 else { return 0 }
        return min(amount, (amount * feeBasisPoints + 5_000) / 10_000 + feeFixedMinor)
    }

    var json: JSONValue {
        [
            "balance_delay_seconds": .integer(balanceDelaySeconds), "fee_basis_points": .integer(feeBasisPoints),
            "fee_fixed_minor": .integer(feeFixedMinor), "dispute_fee_minor": .integer(disputeFeeMinor),
            "inr_in_usd_millionths": .integer(inrInUSDMillionths), "refunds": .string(refunds.rawValue),
            "payouts": .string(payouts.rawValue),
        ]
    }
}
