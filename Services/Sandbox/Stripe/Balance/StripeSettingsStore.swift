import Postgres
import SharedModels

/// Every statement on the table `stripe_settings`.
struct StripeSettingsStore: Sendable {
    func find(in executor: some SQLExecutor) async throws -> StripeSettings {
        try await executor.first(
            """
            SELECT balance_delay_seconds, fee_basis_points, fee_fixed_minor, dispute_fee_minor,
                   inr_in_usd_millionths, refunds, payouts, next_payout_at
              FROM stripe_settings
            """
        ) { row in
            StripeSettings(
                balanceDelaySeconds: try row.decode("balance_delay_seconds"),
                feeBasisPoints: try row.decode("fee_basis_points"), feeFixedMinor: try row.decode("fee_fixed_minor"),
                disputeFeeMinor: try row.decode("dispute_fee_minor"),
                inrInUSDMillionths: try row.decode("inr_in_usd_millionths"), refunds: try row.decode("refunds"),
                payouts: try row.decode("payouts"), nextPayoutAt: try row.decodeIfPresent("next_payout_at"))
        } ?? StripeSettings()
    }

    func save(_ settings: StripeSettings, in executor: some SQLExecutor) async throws {
        try await executor.execute(
            """
            INSERT INTO stripe_settings (balance_delay_seconds, fee_basis_points, fee_fixed_minor, dispute_fee_minor,
                                         inr_in_usd_millionths, refunds, payouts, next_payout_at)
            VALUES (\(settings.balanceDelaySeconds), \(settings.feeBasisPoints), \(settings.feeFixedMinor),
                    \(settings.disputeFeeMinor), \(settings.inrInUSDMillionths), \(settings.refunds), \(settings.payouts), \(settings.nextPayoutAt))
            ON CONFLICT (only_row) DO UPDATE
               SET balance_delay_seconds = excluded.balance_delay_seconds, fee_basis_points = excluded.fee_basis_points,
                   fee_fixed_minor = excluded.fee_fixed_minor, dispute_fee_minor = excluded.dispute_fee_minor,
                   inr_in_usd_millionths = excluded.inr_in_usd_millionths,
                   refunds = excluded.refunds, payouts = excluded.payouts, next_payout_at = excluded.next_payout_at
            """)
    }
}
