import Postgres
import SharedModels

/// Every statement on the table `payees`.
struct PayeeStore: Sendable {
    static let columns: SQL = "account_id, stripe_account_id, onboarded_at, lost_account_id, version"

    func find(_ id: AccountID, in executor: some SQLExecutor) async throws -> Payee? {
        try await executor.first(
            "SELECT \(fragment: Self.columns) FROM payees WHERE account_id = \(id)", Payee.init(row:))
    }

    func find(stripeAccount id: String, in executor: some SQLExecutor) async throws -> Payee? {
        try await executor.first(
            "SELECT \(fragment: Self.columns) FROM payees WHERE stripe_account_id = \(id)", Payee.init(row:))
    }

    /// Stores the payee's account at Stripe. If one is stored already, that one stays.
    func adopt(_ stripeAccountID: String, for id: AccountID, at now: Timestamp, in tx: Transaction)
        async throws -> Payee
    {
        try await tx.executeLater(
            """
            INSERT INTO payees (account_id, version, created_at, updated_at) VALUES (\(id), 1, \(now), \(now))
            ON CONFLICT (account_id) DO NOTHING
            """)
        return try await tx.one(
            """
            UPDATE payees SET stripe_account_id = coalesce(stripe_account_id, \(stripeAccountID))
             WHERE account_id = \(id)
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

    /// - Returns: The payee if onboarding was finished before; otherwise `nil`.
    func markSuspended(_ stripeAccountID: String, at now: Timestamp, in tx: Transaction) async throws -> Payee? {
        try await tx.first(
            """
            UPDATE payees SET onboarded_at = NULL, version = version + 1, updated_at = \(now)
             WHERE stripe_account_id = \(stripeAccountID) AND onboarded_at IS NOT NULL
            RETURNING \(fragment: Self.columns)
            """, Payee.init(row:))
    }

    /// The account is out of our reach: the payee needs another one.
    func lose(_ stripeAccountID: String, at now: Timestamp, in tx: Transaction) async throws -> Payee? {
        try await tx.first(
            """
            UPDATE payees SET stripe_account_id = NULL, onboarded_at = NULL, lost_account_id = stripe_account_id,
                   version = version + 1, updated_at = \(now)
             WHERE stripe_account_id = \(stripeAccountID)
            RETURNING \(fragment: Self.columns)
            """, Payee.init(row:))
    }
}

extension Payee {
    fileprivate init(row: Row) throws {
        self.init(
            accountID: try row.decode("account_id"), stripeAccountID: try row.decode("stripe_account_id"),
            onboardedAt: try row.decode("onboarded_at"), lostAccountID: try row.decode("lost_account_id"),
            version: try row.decode("version"))
    }
}
