import Postgres
import ServiceKit
import SharedModels

/// Questions and changes by other services about accounts.
struct AccountWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let accounts: AccountStore
    let revocations: RevocationStore
    let usage = UsageStore()

    func account(_ id: AccountID) async throws -> Account {
        guard let account = try await accounts.find(id, in: database) else { throw AccountError.notFound(id) }
        return account
    }

    /// Switches between client and freelancer. It takes effect in every service at once.
    func setUserType(_ type: UserType, of id: AccountID) async throws -> Account {
        try await change(id) { account, now in
            try account.checkMayBecome(type, at: now)
            account.userType = type
        }
    }

    /// A larger plan takes effect at once: its bucket begins full.
    func setPlan(_ plan: Plan, of id: AccountID) async throws -> Account {
        try await change(id) { account, _ in account.plan = plan }
    }

    private func change(
        _ id: AccountID, _ body: (inout Account, Timestamp) throws -> Void
    ) async throws -> Account {
        let now = clock.now
        return try await database.transaction { tx in
            guard let known = try await accounts.lock(id, in: tx) else { throw AccountError.notFound(id) }
            let account = try known.changed { try body(&$0, now) }
            guard account != known else { return known }
            try await accounts.save(account, at: now, in: tx)
            if account.plan != known.plan { try await usage.refill(id, in: tx) }
            try await revocations.announce(.account(id), in: tx)
            return account
        }
    }
}
