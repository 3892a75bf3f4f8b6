import Postgres
import ServiceKit
import SharedModels

/// Brings in the users of another Skillhouse, with their ids and passwords. The services hear of them as of other new
/// accounts; people do not.
struct UserImportWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let opening: AccountOpening
    let passwords: PasswordStore
    let defaultPlan: Plan

    func bring(_ users: [ImportedUser], isRehearsal: Bool = false) async throws -> [ImportOutcome] {
        let now = clock.now
        return try await database.bring(users, isRehearsal: isRehearsal) { user, tx in
            try await bring(user, at: now, in: tx)
        }
    }

    private func bring(_ user: ImportedUser, at now: Timestamp, in tx: Transaction) async throws -> ImportOutcome {
        if try await opening.accounts.hasSeen(user.id, in: tx) {
            // Nothing that belongs to somebody who has left comes back.
            let isHere = try await opening.accounts.find(user.id, in: tx) != nil
            return isHere ? .present : .refused("_id", "was deleted here")
        }
        let taken = ImportOutcome.refused("email", "is another account's here")
        let email = user.email.lowercased()
        guard try await opening.accounts.findOwner(of: email, in: tx) == nil else { return taken }
        let hash = user.passwordHash.map { BcryptHash($0) }
        if case .some(.none) = hash { return .refused("password", "is no bcrypt hash") }
        var account = Account.registering(
            email, as: user.name, user.userType, mobile: user.mobile, plan: defaultPlan, id: user.id, at: user.createdAt
        )
        if user.isBlocked { account.status = .blocked }
        guard try await opening.open(account, announcedAt: now, in: tx) != nil else { return taken }
        if let hash, let hash {
            try await passwords.insert(
                StoredPassword(accountID: account.id, hash: .imported(hash)), email: email, at: now, in: tx)
        }
        return .imported
    }
}
