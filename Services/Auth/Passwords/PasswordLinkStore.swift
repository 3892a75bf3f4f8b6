import Postgres
import SharedModels

/// Every statement on the table `password_links`, except that ``DeletionStore`` deletes there too.
struct PasswordLinkStore: Sendable {
    /// Adds a link, and deletes those that have expired.
    func insert(_ link: PasswordLink, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM password_links WHERE expires_at <= \(now)")
        try await tx.execute(
            """
            INSERT INTO password_links (sha256, account_id, expires_at)
            VALUES (\(link.sha256), \(link.accountID), \(link.expiresAt))
            """)
    }

    /// The account of a link that has not expired.
    func find(_ sha256: [UInt8], at now: Timestamp, in executor: some SQLExecutor) async throws -> AccountID? {
        try await executor.first(
            "SELECT account_id FROM password_links WHERE sha256 = \(sha256) AND expires_at > \(now)"
        ) { try $0.decode("account_id") }
    }

    /// Removes every link of an account, so that none works again.
    func deleteAll(of account: AccountID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM password_links WHERE account_id = \(account)")
    }
}
