import Postgres
import SharedModels

/// Tells people what they earned.
struct EarningsWorkflow: Sendable {
    let database: Database
    let store = EarningsStore()

    /// In each currency in which an account has or had something, by the months of `span`.
    func earnings(of owner: AccountID, in span: EarningsSpan) async throws -> [Earnings] {
        // As of one moment: what was earned and did not leave is the balance.
        try await database.transaction(isolation: .repeatableRead) { tx in
            var known: [Currency: Earnings] = [:]
            for (currency, balance) in try await store.balances(of: owner, in: tx) {
                known[currency, default: Earnings(currency: currency)].balance = balance
            }
            for (currency, held) in try await store.held(for: owner, in: tx) {
                known[currency, default: Earnings(currency: currency)].held = held
            }
            for (currency, month) in try await store.months(of: owner, in: span, in: tx) {
                known[currency, default: Earnings(currency: currency)].months.append(month)
            }
            return Currency.allCases.compactMap { known[$0] }
        }
    }
}
