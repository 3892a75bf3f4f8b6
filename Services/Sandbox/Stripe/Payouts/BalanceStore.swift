import Postgres
import SharedModels

/// Every statement on the table `stripe_balances`: an account's available money, in minor units.
///
/// Captured money is available at once, and Stripe takes no fee here. So the balance is captures less transfers and
/// refunds, to the cent.
struct BalanceStore: Sendable {
    /// The platform's own account.
    static let platform = "platform"

    /// - Parameter amount: Not negative.
    func add(_ amount: Int64, _ currency: String, to account: String, in tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO stripe_balances (account, currency, available) VALUES (\(account), \(currency), \(amount))
            ON CONFLICT (account, currency) DO UPDATE SET available = stripe_balances.available + excluded.available
            """)
    }

    /// Takes money for a refund, which Stripe allows even when the balance becomes negative.
    func withdraw(_ amount: Int64, _ currency: String, from account: String, in tx: Transaction) async throws {
        try await add(-amount, currency, to: account, in: tx)
    }

    /// Takes money that must be available.
    ///
    /// - Returns: `false` when there is not enough. Nothing was taken then.
    func take(_ amount: Int64, _ currency: String, from account: String, in tx: Transaction) async throws
        -> Bool
    {
        try await tx.execute(
            """
            UPDATE stripe_balances SET available = available - \(amount)
             WHERE account = \(account) AND currency = \(currency) AND available >= \(amount)
            """) == 1
    }

    /// Stripe's Balance object.
    func json(of account: String, in executor: some SQLExecutor) async throws -> JSONValue {
        let available = try await executor.all(
            "SELECT currency, available FROM stripe_balances WHERE account = \(account) ORDER BY currency"
        ) { row -> JSONValue in
            let amount = try row.int64(at: 1)
            return [
                "amount": .integer(amount), "currency": .string(try row.string(at: 0)),
                "source_types": ["card": .integer(amount)],
            ]
        }
        return [
            "object": "balance", "livemode": false, "available": .array(available),
            "pending": .array(available.map { $0.setting("amount", 0).setting("source_types", ["card": 0]) }),
        ]
    }
}
