import Postgres
import SharedModels

/// Every statement on the table `payees`.
struct PayeeStore: Sendable {
    static let columns: SQL = "account_id, stripe_account_id, onboarded_at, version"

    func find(_ id: AccountID, in executor: some SQLExecutor) async throws -> Payee? {
        try await executor.first(
            "SELECT \(fragment: Self.columns) FROM payees WHERE account_id = \(id)", Payee.init(row:))
    }

    /// Whether the account belongs to a payee who has not finished onboarding.
    func isAwaited(_ stripeAccountID: String, in executor: some SQLExecutor) async throws -> Bool {
        try await executor.first(
            "SELECT account_id FROM payees WHERE stripe_account_id = \(stripeAccountID) AND onboarded_at IS NULL"
        ) { try $0.decode("account_id", as: AccountID.self) } != nil
    }

    /// Stores the payee's account at Stripe. If one is stored already, that one stays.
    func adopt(_ stripeAccountID: String, for id: AccountID, at now: Timestamp, in tx: Transaction)
        async throws -> Payee
    {
        try await tx.one(
            """
            INSERT INTO payees (account_id, stripe_account_id, version, created_at, updated_at)
            VALUES (\(id), \(stripeAccountID), 1, \(now), \(now))
            ON CONFLICT (account_id) DO UPDATE
               SET stripe_account_id = coalesce(payees.stripe_account_id, excluded.stripe_account_id)
            RETURNING \(fragment: Self.columns)
            """, Payee.init(row:))
    }

    /// - Returns: The payee if onboarding was not finished before; otherwise `nil`.
    func markOnboarded(_ stripeAccountID: String, at now: Timestamp, in tx: Transaction) async throws
        -> Payee?
    {
        try await tx.first(
            """
            UPDATE payees SET onboarded_at = \(now), version = version + 1, updated_at = \(now)
             WHERE stripe_account_id = \(stripeAccountID) AND onboarded_at IS NULL
            RETURNING \(fragment: Self.columns)
            """, Payee.init(row:))
    }
}

extension Payee {
    fileprivate init(row: Row) throws {
        self.init(
            accountID: try row.decode("account_id"), stripeAccountID: try row.decode("stripe_account_id"),
            onboardedAt: try row.decode("onboarded_at"), version: try row.decode("version"))
    }
}
