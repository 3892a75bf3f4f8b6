import Postgres
import SharedModels

/// Statements on the table `passwords`. ``DeletionStore`` has statements on it too. Addresses are in lower case.
struct PasswordStore: Sendable {
    func find(email: String, in executor: some SQLExecutor) async throws -> StoredPassword? {
        try await executor.first(
            "SELECT account_id, hash FROM passwords WHERE email = \(email)", StoredPassword.init(row:))
    }

    /// Whether any password has a hash that was imported.
    func hasImported(in executor: some SQLExecutor) async throws -> Bool {
        try await executor.one("SELECT EXISTS (SELECT FROM passwords WHERE hash LIKE '$2%') AS has_imported") {
            try $0.decode("has_imported")
        }
    }

    func findEmail(of account: AccountID, in executor: some SQLExecutor) async throws -> String? {
        try await executor.first("SELECT email FROM passwords WHERE account_id = \(account)") {
            try $0.decode("email")
        }
    }

    func insert(_ password: StoredPassword, email: String, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO passwords (account_id, email, hash, changed_at)
            VALUES (\(password.accountID), \(email), \(password.hash.text), \(now))
            """)
    }

    func save(_ password: StoredPassword, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE passwords SET hash = \(password.hash.text), changed_at = \(now)
             WHERE account_id = \(password.accountID)
            """)
    }

    /// Sets the password of an account, which may have none yet.
    func put(_ password: StoredPassword, email: String, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO passwords (account_id, email, hash, changed_at)
            VALUES (\(password.accountID), \(email), \(password.hash.text), \(now))
            ON CONFLICT (account_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at
            """)
    }

    /// Whether the account still has this password. The row is protected against changes until the transaction ends.
    func hold(_ password: StoredPassword, in tx: Transaction) async throws -> Bool {
        try await tx.first(
            """
            SELECT account_id FROM passwords
             WHERE account_id = \(password.accountID) AND hash = \(password.hash.text)
               FOR SHARE
            """
        ) { try $0.decode("account_id", as: AccountID.self) } != nil
    }

    /// Keeps every other replica from adding or changing passwords until the transaction ends.
    func lockAll(in tx: Transaction) async throws {
        try await tx.execute("LOCK TABLE passwords IN SHARE ROW EXCLUSIVE MODE")
    }
}

extension StoredPassword {
    fileprivate init(row: Row) throws {
        guard let hash = StoredHash(try row.decode("hash", as: String.self)) else { throw UnreadableHash() }
        self.init(accountID: try row.decode("account_id"), hash: hash)
    }
}

/// A row holds a hash in a foreign format: somebody changed the table by hand.
struct UnreadableHash: Error {}
