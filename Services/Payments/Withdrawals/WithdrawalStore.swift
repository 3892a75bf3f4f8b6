import Postgres
import SharedModels

/// Every statement on the table `withdrawals`.
struct WithdrawalStore: Sendable {
    static let columns: SQL = """
        id, milestone_id, checkout_id, payment_intent_id, kind, amount_minor, amount_currency, posting, state,
        excess_minor, rebookings, fee_minor, client_minor, freelancer_minor
        """

    func insert(_ withdrawal: Withdrawal, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.executeLater(
            """
            INSERT INTO withdrawals (id, milestone_id, checkout_id, payment_intent_id, kind, amount_minor,
                                     amount_currency, posting, state, excess_minor, fee_minor, client_minor,
                                     freelancer_minor, created_at, updated_at)
            VALUES (\(withdrawal.id), \(withdrawal.subject.milestoneID), \(withdrawal.subject.checkoutID),
                    \(withdrawal.paymentIntentID), \(withdrawal.kind), \(withdrawal.amount.minorUnits),
                    \(withdrawal.amount.currency), \(withdrawal.posting), \(withdrawal.state), \(withdrawal.excess),
                    \(withdrawal.parts?.fee.minorUnits), \(withdrawal.parts?.client.minorUnits),
                    \(withdrawal.parts?.freelancer.minorUnits), \(now), \(now))
            """)
    }

    /// Writes back how much of its excess is left, after a part of it was covered.
    func rebook(_ withdrawal: Withdrawal, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE withdrawals
               SET excess_minor = \(withdrawal.excess), rebookings = \(withdrawal.rebookings),
                   fee_minor = \(withdrawal.parts?.fee.minorUnits),
                   client_minor = \(withdrawal.parts?.client.minorUnits),
                   freelancer_minor = \(withdrawal.parts?.freelancer.minorUnits), updated_at = \(now)
             WHERE id = \(withdrawal.id)
            """)
    }

    /// Those of a payment, oldest first.
    func find(of payment: String, in executor: some SQLExecutor) async throws -> [Withdrawal] {
        try await executor.all(
            """
            SELECT \(fragment: Self.columns) FROM withdrawals
             WHERE payment_intent_id = \(payment) ORDER BY created_at, id
            """, Withdrawal.init(row:))
    }

    func find(_ id: String, in executor: some SQLExecutor) async throws -> Withdrawal? {
        try await executor.first(
            "SELECT \(fragment: Self.columns) FROM withdrawals WHERE id = \(id)", Withdrawal.init(row:))
    }

    /// Notes how it went on.
    func settle(
        _ withdrawal: Withdrawal, as state: Withdrawal.State, at now: Timestamp, in tx: Transaction
    ) async throws {
        try await tx.execute(
            "UPDATE withdrawals SET state = \(state), updated_at = \(now) WHERE id = \(withdrawal.id)")
    }
}

extension Withdrawal {
    fileprivate init(row: Row) throws {
        let amount: Money = try row.money("amount")
        func money(_ column: String) throws -> Money {
            Money(minorUnits: try row.decode(column), currency: amount.currency)
        }
        var parts: CheckoutShares?
        if try row.decodeIfPresent("fee_minor", as: Int64.self) != nil {
            parts = CheckoutShares(
                fee: try money("fee_minor"), client: try money("client_minor"),
                freelancer: try money("freelancer_minor"))
        }
        self.init(
            id: try row.decode("id"), subject: try MoneySubject(row: row),
            paymentIntentID: try row.decode("payment_intent_id"), kind: try row.decode("kind"), amount: amount,
            posting: try row.decode("posting"), state: try row.decode("state"), excess: try row.decode("excess_minor"),
            rebookings: try row.decode("rebookings"), parts: parts)
    }
}
