import Postgres
import ServiceKit
import SharedModels

/// Leads those for whom a provider vouches to their accounts.
struct IdentityBook: Sendable {
    let accounts: AccountStore
    let opening: AccountOpening
    let outbox: Outbox
    let revocations: RevocationStore
    /// Of new accounts.
    let plan: Plan

    /// The account of a person, locked: by the identity; or by an address that both sides have verified, which links
    /// them unless the account is an admin's, or its owner has unlinked the provider; or a new one. A known account
    /// keeps type and plan: a freelancer in the middle of a deal stays one, even if GitHub shows less public work today.
    ///
    /// - Parameter role: Of a new account of somebody who comes from Google. GitHub's standing decides by itself.
    /// - Throws: ``SignInError/keptOut(_:)``, ``AccountError/blocked``, and ``GoogleError`` about a new account.
    func enter(
        as identity: ProvenIdentity, becoming role: Role?, at now: Timestamp, in tx: Transaction
    ) async throws -> Account {
        // Somebody else may open the account between our look and our attempt. One retry is enough.
        for _ in 0..<2 {
            if let known = try await accounts.lock(identity, in: tx) {
                return try await link(known, to: identity, at: now, in: tx)
            }
            var (free, isKeptOut) = (String?.none, false)
            for email in identity.verifiedEmails {
                guard let owner = try await accounts.lock(verifiedEmail: email, in: tx) else {
                    free = free ?? email
                    continue
                }
                // The same person arrives in two tabs, and the other one was quicker.
                if owner.belongs(to: identity) { return try await link(owner, to: identity, at: now, in: tx) }
                // Both sides have proven the address, so it is one person. One with another identity there has two.
                guard !owner.isLinked(to: identity.provider) else { continue }
                guard !owner.keepsOut(identity.provider) else {
                    isKeptOut = true
                    continue
                }
                // A provider may have verified an address years ago, and it may have changed hands since. An admin links
                // on purpose.
                if !owner.isAdmin { return try await link(owner, to: identity, at: now, in: tx) }
            }
            guard !isKeptOut else { throw SignInError.keptOut(identity.provider) }
            guard let new = try await account(of: identity, role, proving: free, at: now, in: tx) else { continue }
            if let account = try await opening.open(new, in: tx) { return account }
        }
        throw Refusal.unavailable()
    }

    /// Links a person to the account of who is signed in, which must be locked.
    ///
    /// - Throws: ``SignInError/linkedElsewhere(_:)``, ``SignInError/alreadyLinked(_:username:)``.
    func add(
        _ identity: ProvenIdentity, to account: Account, at now: Timestamp, in tx: Transaction
    ) async throws -> Account {
        let owner = try await accounts.findOwner(identity, in: tx)
        guard owner == nil || owner == account.id else { throw SignInError.linkedElsewhere(identity.provider) }
        guard !account.isLinked(to: identity.provider) || account.belongs(to: identity) else {
            throw SignInError.alreadyLinked(
                identity.provider, username: identity.provider == .gitHub ? account.gitHub?.username : nil)
        }
        return try await link(account, to: identity, at: now, in: tx)
    }

    /// Takes a provider away from an account, which must be locked. Its owner is still recognised by the identity there
    /// once the account is deleted.
    func remove(_ provider: Provider, from known: Account, at now: Timestamp, in tx: Transaction) async throws {
        let account = known.changed { $0.unlink(provider) }
        try await accounts.save(account, at: now, in: tx)
        let former = Set(opening.digests.of(known)).subtracting(opening.digests.of(account))
        try await opening.departures.keep(former.sorted(), of: known.id, in: tx)
        try await revocations.announce(.account(known.id), in: tx)
        if account.isKnownOtherwise(than: known) {
            try await outbox.append(.accountUpdated(account, at: now), in: tx)
        }
    }

    /// Also takes over what has changed at the provider since the last time.
    private func link(
        _ known: Account, to identity: ProvenIdentity, at now: Timestamp, in tx: Transaction
    ) async throws -> Account {
        try known.checkMaySignIn()
        let account = known.changed { $0.link(identity) }
        if account != known { try await accounts.save(account, at: now, in: tx) }
        if account.gitHub?.username != known.gitHub?.username {
            try await revocations.announce(.account(account.id), in: tx)
        }
        if account.isKnownOtherwise(than: known) {
            try await outbox.append(.accountUpdated(account, at: now), in: tx)
        }
        return account
    }

    /// A new account.
    ///
    /// - Parameter free: A verified address that no account has proven.
    /// - Returns: `nil` when the person has got an account meanwhile.
    private func account(
        of identity: ProvenIdentity, _ role: Role?, proving free: String?, at now: Timestamp, in tx: Transaction
    ) async throws -> Account? {
        switch identity {
        case .gitHub(let user):
            var account = Account.signingUp(user, plan: plan, at: now)
            account.verifiedEmail = free
            return account
        case .google(let person):
            guard free != nil, try await accounts.findOwner(of: person.email, in: tx) == nil else {
                if try await accounts.findOwner(identity, in: tx) != nil { return nil }
                throw GoogleError.taken
            }
            guard let role else { throw GoogleError.roleMissing }
            guard let type = role.userType else { throw GoogleError.adminRole }
            var account = Account.registering(person.email, as: person.name, type, plan: plan, at: now)
            account.googleSubject = person.subject
            return account
        }
    }
}

extension Announcement {
    /// What other services copy has changed.
    static func accountUpdated(_ account: Account, at now: Timestamp) throws -> Self {
        try Self(
            AccountUpdated.self, of: account.id, sequence: account.version,
            GitHubNews(userID: account.id, githubUsername: account.gitHub?.username), at: now)
    }
}
