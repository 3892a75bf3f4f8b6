import Postgres
import ServiceKit
import SharedModels

/// What admins see and decide of accounts.
struct AdminUserWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let accounts: AccountStore
    let keys: KeyStore
    let sessions: SessionStore
    let oauth: OAuthTokenEnd
    let revocations: RevocationStore
    let outbox: Outbox
    let users = AdminUserStore()

    func page(
        of type: UserType, fitting search: UserSearch? = nil, _ page: Int, limit: Int
    ) async throws -> (users: [ListedUser], total: Int) {
        try await users.page(of: type, search, page, limit: limit, in: database)
    }

    /// Ends every credential of an account in every service, lets it make no new ones, and tells it nothing. Its open deals
    /// stay.
    ///
    /// - Throws: ``AccountError/notFound(_:)``, also for an account of the other type and for an admin's.
    func block(_ id: AccountID, _ type: UserType) async throws -> ListedUser {
        try await set(.blocked, AccountBlocked.self, id, type) { now, tx in
            // Sessions stay as rows until the account is unblocked, so that their owner is told why they have ended.
            try await keys.revokeAll(of: id, at: now, in: tx)
            try await oauth.endAll(of: id, in: tx)
        }
    }

    /// Lets its owner sign in again, and tells what happens from now on. Nothing that was ended comes back.
    ///
    /// - Throws: ``AccountError/notFound(_:)``, as ``block(_:_:)``.
    func unblock(_ id: AccountID, _ type: UserType) async throws -> ListedUser {
        try await set(.active, AccountUnblocked.self, id, type) { _, tx in
            try await sessions.deleteAll(of: id, in: tx)
        }
    }

    private func set<News: InternalEvent>(
        _ status: AccountStatus, _ news: News.Type, _ id: AccountID, _ type: UserType,
        _ end: (Timestamp, Transaction) async throws -> Void
    ) async throws -> ListedUser where News.Content == AccountReference {
        let now = clock.now
        return try await database.transaction { tx in
            guard let known = try await accounts.lock(id, in: tx), known.userType == type, !known.isAdmin else {
                throw AccountError.notFound(id)
            }
            let account = known.changed { $0.status = status }
            guard account != known else { return try await users.find(id, in: tx) }
            try await accounts.save(account, at: now, in: tx)
            try await end(now, tx)
            try await outbox.append(
                try Announcement(news, of: id, sequence: account.version, AccountReference(userID: id), at: now), in: tx
            )
            try await revocations.announce(.account(id), in: tx)
            return ListedUser(account: account, updatedAt: now)
        }
    }
}
