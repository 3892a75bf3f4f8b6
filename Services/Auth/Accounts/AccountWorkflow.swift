import Postgres
import ServiceKit
import SharedModels

/// Questions and changes by other services about accounts.
struct AccountWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let accounts: AccountStore
    let revocations: RevocationStore

    func account(_ id: AccountID) async throws -> Account {
        guard let account = try await accounts.find(id, in: database) else { throw AccountError.notFound(id) }
        return account
    }

    /// Switches between client and freelancer. It takes effect in every service at once.
    func setUserType(_ type: UserType, of id: AccountID) async throws -> Account {
        try await change(id) { account, now, tx in
            guard account.userType != type else { return }
            try account.checkMayBecome(type, at: now)
            try await accounts.setUserType(type, of: id, at: now, in: tx)
        }
    }

    func setPlan(_ plan: Plan, of id: AccountID) async throws -> Account {
        try await change(id) { account, now, tx in
            guard account.plan != plan else { return }
            try await accounts.setPlan(plan, of: id, at: now, in: tx)
        }
    }

    private func change(
        _ id: AccountID, _ body: (Account, Timestamp, Transaction) async throws -> Void
    ) async throws -> Account {
        let now = clock.now
        return try await database.transaction { tx in
            guard let account = try await accounts.lock(id, in: tx) else { throw AccountError.notFound(id) }
            try await body(account, now, tx)
            guard let changed = try await accounts.find(id, in: tx) else { throw AccountError.notFound(id) }
            if changed != account { try await revocations.announce(.account(id), in: tx) }
            return changed
        }
    }
}
