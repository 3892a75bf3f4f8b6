import Postgres
import SharedModels

/// What is so at Stripe: a payment, and what went back of it.
struct PaymentPicture: Sendable {
    let intent: PaymentIntent
    let refunds: [StripeRefund]
    let disputes: [StripeDispute]

    /// Whether nothing went back, as far as we need to know.
    var isPlain: Bool { refunds.isEmpty && disputes.isEmpty }

    /// Asks Stripe for what may tell something new.
    ///
    /// - Parameter isTold: Whether something about its refunds or disputes has changed, as an event says.
    static func take(
        of intent: PaymentIntent, isTold: Bool, from stripe: StripeClient, in database: Database
    ) async throws -> Self {
        let known = try await WithdrawalStore().find(of: intent.id, in: database)
        let refunded = known.filter { $0.kind == .refund && $0.state != .undone }.map(\.amount.minorUnits).reduce(0, +)
        let isPending = known.contains { $0.state == .pending }
        let hasRefunds = isTold || isPending || intent.charge.map { $0.amountRefunded != refunded } ?? false
        let hasDisputes = isTold || isPending || intent.charge?.isDisputed ?? false
        return Self(
            intent: intent, refunds: hasRefunds ? try await stripe.refunds(of: intent.id) : [],
            disputes: hasDisputes ? try await stripe.disputes(of: intent.id) : [])
    }
}
