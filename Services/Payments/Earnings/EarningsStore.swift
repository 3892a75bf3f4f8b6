import Postgres
import SharedModels

/// What belongs to people: their accounts of the ledger, with the sums that it keeps of each month, and what is held for them.
struct EarningsStore: Sendable {
    /// All accounts of the ledger that tell what is owed to somebody.
    static func accounts(of owner: AccountID) -> [LedgerAccount] {
        [.payable(owner, .usd)] + Currency.allCases.flatMap { [.wallet(owner, $0), .receivable(owner, $0)] }
    }

    /// The months in which something moved, oldest first.
    func months(
        of owner: AccountID, in span: EarningsSpan, in executor: some SQLExecutor
    ) async throws -> [(currency: Currency, month: EarningsMonth)] {
        try await executor.all(
            """
            SELECT unit, month, sum(earned)::bigint AS earned, sum(refunded)::bigint AS refunded,
                   sum(paid_out)::bigint AS paid_out, sum(payments)::bigint AS payments
              FROM ledger_months
             WHERE account_id = ANY(\(Self.accounts(of: owner).map(\.id)))
               AND month BETWEEN \(span.from.firstDay) AND \(span.to.firstDay)
             GROUP BY unit, month ORDER BY unit, month
            """
        ) { row in
            let sums = EarningsSums(
                earned: try row.decode("earned"), refunded: try row.decode("refunded"),
                paidOut: try row.decode("paid_out"), payments: try row.decode("payments"))
            let month = CalendarMonth(of: try row.decode("month", as: CalendarDay.self))
            return (try row.decode("unit"), EarningsMonth(month: month, sums: sums))
        }
    }

    /// What is owed to somebody now, in each currency in which something ever was.
    func balances(of owner: AccountID, in executor: some SQLExecutor) async throws -> [(Currency, Int64)] {
        try await executor.all(
            """
            SELECT unit, sum(balance)::bigint AS balance FROM ledger_accounts
             WHERE id = ANY(\(Self.accounts(of: owner).map(\.id))) GROUP BY unit
            """
        ) { (try $0.decode("unit"), try $0.decode("balance")) }
    }

    /// What clients have paid for work of somebody's that is not released, or their cards hold.
    func held(for worker: AccountID, in executor: some SQLExecutor) async throws -> [(Currency, Int64)] {
        try await executor.all(
            """
            SELECT currency, sum(amount)::bigint AS amount
              FROM (SELECT amount_currency AS currency, amount_minor - returned_minor AS amount FROM escrows
                     WHERE worker_id = \(worker) AND state IN ('held', 'escrowed')
                     UNION ALL
                    SELECT paid_currency, paid_minor - returned_minor FROM checkouts
                     WHERE freelancer_id = \(worker) AND state = 'funded') held
             GROUP BY currency
            """
        ) { (try $0.decode("currency"), try $0.decode("amount")) }
    }
}
