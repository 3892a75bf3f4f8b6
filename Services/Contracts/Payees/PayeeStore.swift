import Postgres
import SharedModels

/// Every statement on the table `payees`.
///
/// An approval and the news of an onboarding both lock the worker's row, so the later one sees what the earlier one
/// wrote.
struct PayeeStore: Sendable {
    /// Whether `worker` finished onboarding. Creates the row if need be, and locks it.
    func isOnboarded(_ worker: AccountID, in tx: Transaction) async throws -> Bool {
        try await tx.execute(
            "INSERT INTO payees (account_id) VALUES (\(worker)) ON CONFLICT (account_id) DO NOTHING")
        return try await tx.one("SELECT onboarded_at FROM payees WHERE account_id = \(worker) FOR UPDATE") {
            try $0.decode("onboarded_at", as: Timestamp?.self) != nil
        }
    }

    /// The same, as far as it is committed. It does not wait for other transactions.
    func wasOnboarded(_ worker: AccountID, in executor: some SQLExecutor) async throws -> Bool {
        let moment = try await executor.first("SELECT onboarded_at FROM payees WHERE account_id = \(worker)") {
            try $0.decode("onboarded_at", as: Timestamp?.self)
        }
        return moment.flatMap { $0 } != nil
    }

    /// The worker must be onboarded again.
    func notePaused(_ worker: AccountID, in tx: Transaction) async throws {
        try await tx.executeLater("UPDATE payees SET onboarded_at = NULL WHERE account_id = \(worker)")
    }

    func noteOnboarded(_ worker: AccountID, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.executeLater(
            """
            INSERT INTO payees (account_id, onboarded_at) VALUES (\(worker), \(now))
            ON CONFLICT (account_id) DO UPDATE
               SET onboarded_at = coalesce(payees.onboarded_at, excluded.onboarded_at)
            """)
    }
}
