import Postgres
import SharedModels

/// An account in a list.
struct ListedUser: Sendable {
    let account: Account
    let updatedAt: Timestamp
}

/// The questions of admins to the table `accounts`.
struct AdminUserStore: Sendable {
    /// A page of the accounts of a type that are not admins', newest first, and how many there are.
    func page(
        of type: UserType, _ page: Int, limit: Int, in executor: some SQLExecutor
    ) async throws -> (users: [ListedUser], total: Int) {
        let total: Int = try await executor.one(
            """
            SELECT count(*) AS total FROM accounts
             WHERE user_type = \(type) AND NOT is_admin AND status <> 'deleted'
            """
        ) { try $0.decode("total") }
        let users = try await executor.all(
            """
            SELECT \(fragment: AccountStore.columns), updated_at FROM accounts
             WHERE user_type = \(type) AND NOT is_admin AND status <> 'deleted'
             ORDER BY created_at DESC, id DESC LIMIT \(limit) OFFSET \((page - 1) * limit)
            """, ListedUser.init(row:))
        return (users, total)
    }

    func find(_ id: AccountID, in executor: some SQLExecutor) async throws -> ListedUser {
        try await executor.one(
            "SELECT \(fragment: AccountStore.columns), updated_at FROM accounts WHERE id = \(id)", ListedUser.init(row:)
        )
    }
}

extension ListedUser {
    fileprivate init(row: Row) throws {
        self.init(account: try Account(row: row), updatedAt: try row.decode("updated_at"))
    }
}
