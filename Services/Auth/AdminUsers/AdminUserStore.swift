import Postgres
import SharedModels

/// An account in a list.
struct ListedUser: Sendable {
    let account: Account
    let updatedAt: Timestamp
}

/// Whom an admin looks for.
struct UserSearch: Sendable {
    /// Beginnings of words of their name or mail address.
    let words: String
    /// Those of whom talent knows that they are called so now.
    let known: [AccountID]
}

/// The questions of admins to the table `accounts`.
struct AdminUserStore: Sendable {
    /// A page of the accounts of a type that are not admins', newest first, and how many there are.
    ///
    /// - Parameter search: Whom only to list, if given.
    func page(
        of type: UserType, _ search: UserSearch?, _ page: Int, limit: Int, in executor: some SQLExecutor
    ) async throws -> (users: [ListedUser], total: Int) {
        // As the index has it.
        let fitting: SQL =
            search.map {
                """
                AND (id = ANY(\($0.known))
                     OR array_to_tsvector(person_words(display_name || ' ' || coalesce(email, '')))
                        @@ sought_person(\($0.words)))
                """
            } ?? .empty
        let total: Int = try await executor.one(
            """
            SELECT count(*) AS total FROM accounts
             WHERE user_type = \(type) AND NOT is_admin AND status <> 'deleted' \(fragment: fitting)
            """
        ) { try $0.decode("total") }
        let users = try await executor.all(
            """
            SELECT \(fragment: AccountStore.columns), updated_at FROM accounts
             WHERE user_type = \(type) AND NOT is_admin AND status <> 'deleted' \(fragment: fitting)
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
