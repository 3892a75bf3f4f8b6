import Postgres
import SharedModels

/// Every statement on the table `payers`.
struct PayerStore: Sendable {
    static let columns: SQL = "account_id, stripe_customer_id, card_id"

    func find(_ id: AccountID, in executor: some SQLExecutor) async throws -> Payer? {
        try await executor.first(
            "SELECT \(fragment: Self.columns) FROM payers WHERE account_id = \(id)", Payer.init(row:))
    }

    /// Reads a payer and keeps others from changing it until the transaction ends.
    func hold(_ id: AccountID, in tx: Transaction) async throws -> Payer? {
        try await tx.first(
            "SELECT \(fragment: Self.columns) FROM payers WHERE account_id = \(id) FOR SHARE", Payer.init(row:))
    }

    /// Stores the payer's customer at Stripe. If one is stored already, that one stays.
    func adopt(_ customerID: String, for id: AccountID, at now: Timestamp, in tx: Transaction) async throws -> Payer {
        try await tx.one(
            """
            INSERT INTO payers (account_id, stripe_customer_id, created_at, updated_at)
            VALUES (\(id), \(customerID), \(now), \(now))
            ON CONFLICT (account_id) DO UPDATE SET updated_at = payers.updated_at
            RETURNING \(fragment: Self.columns)
            """, Payer.init(row:))
    }

    /// - Returns: Whether the payer is this customer, and now has this card.
    func setCard(
        _ cardID: String, of id: AccountID, _ customerID: String, at now: Timestamp, in tx: Transaction
    ) async throws -> Bool {
        try await tx.execute(
            """
            UPDATE payers SET card_id = \(cardID), updated_at = \(now)
             WHERE account_id = \(id) AND stripe_customer_id = \(customerID)
            """) == 1
    }

    /// Replaces a deleted customer with another one, who has no card yet.
    func replace(_ lost: String, by customerID: String, of id: AccountID, at now: Timestamp, in tx: Transaction)
        async throws
    {
        try await tx.executeLater(
            """
            UPDATE payers SET stripe_customer_id = \(customerID), card_id = NULL, updated_at = \(now)
             WHERE account_id = \(id) AND stripe_customer_id = \(lost)
            """)
    }

    func delete(_ id: AccountID, in executor: some SQLExecutor) async throws {
        try await executor.executeLater("DELETE FROM payers WHERE account_id = \(id)")
    }
}

extension Payer {
    fileprivate init(row: Row) throws {
        self.init(
            accountID: try row.decode("account_id"), customerID: try row.decode("stripe_customer_id"),
            cardID: try row.decode("card_id"))
    }
}
