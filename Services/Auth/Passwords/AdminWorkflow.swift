import Postgres
import ServiceKit
import SharedModels

/// Creates the admin named in the configuration.
struct AdminWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let outbox: Outbox
    let accounts: AccountStore
    let passwords: PasswordStore
    let sessions: SessionStore
    let revocations: RevocationStore
    let hasher: PasswordHasher
    let defaultPlan: Plan

    /// Creates the account, or updates its password, which ends its sessions. Replicas that start at once create one
    /// account.
    func establish(_ admin: AdminSettings) async throws {
        let seen = try await passwords.find(email: admin.email, in: database)
        let isCurrent = try await hasher.matches(admin.password.reveal(), seen?.hash, isMixed: false)
        let hash = isCurrent ? nil : try await hasher.hash(admin.password.reveal())
        let now = clock.now
        try await database.transaction { tx in
            // The account is locked before the passwords, as everywhere.
            let account: Account? = if let seen { try await accounts.lock(seen.accountID, in: tx) } else { nil }
            try await passwords.lockAll(in: tx)
            let stored = try await passwords.find(email: admin.email, in: tx)
            if let stored {
                // A password that appeared since then was stored by another replica.
                guard let account, stored.accountID == account.id else { return }
                let promoted = account.changed { $0.isAdmin = true }
                if promoted != account { try await accounts.save(promoted, at: now, in: tx) }
                // At each start, because notifications may not have heard of it yet.
                try await outbox.append(.adminAppointed(promoted, at: now), in: tx)
                // If another replica changed it in the meantime, it stored the same password.
                if stored == seen, let hash { try await change(stored.accountID, to: hash, at: now, in: tx) }
            } else if let hash {
                try await insert(
                    .admin(email: admin.email, plan: defaultPlan, at: now), admin.email, hash, in: tx)
            }
        }
    }

    private func insert(_ account: Account, _ email: String, _ hash: PasswordHash, in tx: Transaction) async throws {
        let now = account.createdAt
        _ = try await accounts.insertIfAbsent(account, in: tx)
        try await passwords.insert(
            StoredPassword(accountID: account.id, hash: hash), email: email, at: now, in: tx)
        try await outbox.append([.accountCreated(account, at: now), .adminAppointed(account, at: now)], in: tx)
    }

    private func change(_ account: AccountID, to hash: PasswordHash, at now: Timestamp, in tx: Transaction)
        async throws
    {
        try await passwords.save(StoredPassword(accountID: account, hash: hash), at: now, in: tx)
        try await sessions.deleteAll(of: account, in: tx)
        try await revocations.announce(.account(account), in: tx)
    }
}

extension Announcement {
    fileprivate static func adminAppointed(_ account: Account, at now: Timestamp) throws -> Self {
        try Self(
            AdminAppointed.self, of: account.id, sequence: account.version, AccountReference(userID: account.id),
            at: now)
    }
}
