import Postgres
import SharedModels

/// Every statement on the table `stripe_balances`: an account's money, in minor units. What is pending becomes available
/// later.
struct BalanceStore: Sendable {
    /// The platform's own account.
    static let platform = "platform"

    /// - Parameter amount: Negative when money leaves. A refund may make the balance negative, as at Stripe.
    func add(_ amount: Int64, _ currency: String, to account: String, isPending: Bool = false, in tx: Transaction)
        async throws
    {
        let (available, pending) = isPending ? (0, amount) : (amount, 0)
        try await tx.executeLater(
            """
            INSERT INTO stripe_balances (account, currency, available, pending)
            VALUES (\(account), \(currency), \(available), \(pending))
            ON CONFLICT (account, currency) DO UPDATE
               SET available = stripe_balances.available + excluded.available,
                   pending = stripe_balances.pending + excluded.pending
            """)
    }

    /// Money that was pending can be used from now on.
    func settle(_ amount: Int64, _ currency: String, of account: String, in tx: Transaction) async throws {
        try await add(-amount, currency, to: account, isPending: true, in: tx)
        try await add(amount, currency, to: account, in: tx)
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

    /// What is available, by currency.
    func available(of account: String, in executor: some SQLExecutor) async throws -> [(
        currency: String, amount: Int64
    )] {
        try await executor.all(
            "SELECT currency, available FROM stripe_balances WHERE account = \(account) ORDER BY currency"
        ) { row in (try row.string(at: 0), try row.int64(at: 1)) }
    }

    /// Stripe's Balance object.
    func json(of account: String, in executor: some SQLExecutor) async throws -> JSONValue {
        let lines = try await executor.all(
            "SELECT currency, available, pending FROM stripe_balances WHERE account = \(account) ORDER BY currency"
        ) { row in
            let currency = try row.string(at: 0)
            return (
                Self.line(try row.int64(at: 1), currency), Self.line(try row.int64(at: 2), currency)
            )
        }
        return [
            "object": "balance", "livemode": false, "available": .array(lines.map(\.0)),
            "pending": .array(lines.map(\.1)),
        ]
    }

    private static func line(_ amount: Int64, _ currency: String) -> JSONValue {
        ["amount": .integer(amount), "currency": .string(currency), "source_types": ["card": .integer(amount)]]
    }
}
