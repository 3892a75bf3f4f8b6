import ServiceKit
import SharedModels

/// `/api/earnings`.
struct EarningsRoutes: Sendable {
    let workflow: EarningsWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.earnings.get) { _, call in
            let span = try EarningsSpan(
                from: call.query(EarningsEndpoints.from), to: call.query(EarningsEndpoints.to), at: call.now)
            let earnings = try await workflow.earnings(of: call.caller.accountID, in: span)
            return EarningsView(from: span.from, to: span.to, currencies: earnings.map { $0.view(of: span) })
        }
    }
}

extension Earnings {
    /// - Parameter span: Each of its months is shown, those without a movement, too.
    fileprivate func view(of span: EarningsSpan) -> CurrencyEarnings {
        let known = Dictionary(uniqueKeysWithValues: months.map { ($0.month, $0.sums) })
        let whole = months.map(\.sums).reduce(EarningsSums(), +)
        return CurrencyEarnings(
            currency: currency, earnedCents: whole.earned, refundedCents: whole.refunded, paidOutCents: whole.paidOut,
            balanceCents: balance, heldCents: held,
            months: span.months.map { month in
                let sums = known[month] ?? EarningsSums()
                return MonthlyEarnings(
                    month: month, earnedCents: sums.earned, refundedCents: sums.refunded, paidOutCents: sums.paidOut,
                    count: sums.payments)
            })
    }
}
