import Postgres
import ServiceKit
import SharedModels

/// Opens accounts, however their owners sign in.
struct AccountOpening: Sendable {
    let accounts: AccountStore
    let outbox: Outbox
    let digests: IdentityDigests
    let departures = DepartureStore()

    /// Adds an account with what its owner's earlier one left of the plan, and announces it.
    ///
    /// - Parameter now: When it is announced, where that is later than its creation.
    /// - Returns: The account; `nil` when another one has its identity or its address.
    func open(_ new: Account, announcedAt now: Timestamp? = nil, in tx: Transaction) async throws -> Account? {
        var account = new
        guard try await accounts.insertIfAbsent(account, in: tx) else { return nil }
        account.isReturning = try await departures.passOn(
            digests.of(account), to: account.id, in: tx)
        try await outbox.append(.accountCreated(account, at: now ?? account.createdAt), in: tx)
        return account
    }
}

extension IdentityDigests {
    /// By which the owner of an account is recognised after it has ended.
    func of(_ account: Account) -> [String] {
        of(
            gitHub: account.gitHub?.id, google: account.googleSubject, emails: [account.email, account.verifiedEmail])
    }
}

extension Announcement {
    static func accountCreated(_ account: Account, at now: Timestamp) throws -> Self {
        try Self(
            AccountCreated.self, of: account.id, sequence: account.version,
            NewAccount(
                userID: account.id, userType: account.userType, displayName: account.displayName,
                isReturning: account.isReturning, githubUsername: account.gitHub?.username),
            at: now)
    }
}
