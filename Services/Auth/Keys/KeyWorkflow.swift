import Postgres
import ServiceKit
import SharedModels

/// An account's actions on its API keys.
struct KeyWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let accounts: AccountStore
    let keys: KeyStore
    let revocations: RevocationStore

    func create(_ input: APIKeyInput, for account: AccountID) async throws -> NewKey {
        let prefix = input.prefix ?? APIKeyFormat.defaultPrefix
        guard APIKeyFormat.isPrefix(prefix) else { throw KeyError.badPrefix }
        let now = clock.now
        let made = APIKey.make(
            for: account, prefix: prefix, name: input.name, hostedAgentID: input.hostedAgentID, scopes: nil,
            endingAt: now + APIKey.lifetime, at: now)
        return try await insert(made)
    }

    /// A key that may do at most what `maker`'s credential may. One made by an agent's key is that agent's, and one made by a
    /// key that ends is gone then, too.
    ///
    /// - Throws: ``KeyError/wider(_:)``, ``KeyError/endsInThePast``, ``KeyError/outlives(_:)``, ``KeyError/tooMany``.
    func create(_ input: ScopedKeyInput, by maker: Principal) async throws -> NewKey {
        let now = clock.now
        if let end = input.expiresAt, end <= now { throw KeyError.endsInThePast }
        let latest = maker.credential == .apiKey ? maker.expiresAt : nil
        if let latest, let end = input.expiresAt, end > latest { throw KeyError.outlives(latest) }
        let scopes = Scope.allCases.filter(input.scopes.contains)
        if let own = maker.scopes, case let missing = scopes.filter({ !own.contains($0) }), !missing.isEmpty {
            throw KeyError.wider(missing)
        }
        return try await insert(
            APIKey.make(
                for: maker.accountID, prefix: APIKeyFormat.scopedPrefix, name: input.name,
                hostedAgentID: maker.hostedAgentID, scopes: scopes, endingAt: input.expiresAt ?? latest, at: now))
    }

    private func insert(_ made: NewKey) async throws -> NewKey {
        let account = made.key.accountID
        try await database.transaction { tx in
            try await lock(account, in: tx)
            if let agent = made.key.hostedAgentID, try await !keys.hold(agent, of: account, in: tx) {
                throw HostedAgentError.notFound(agent)
            }
            guard try await keys.countLive(of: account, at: made.key.createdAt, in: tx) < APIKey.limit else {
                throw KeyError.tooMany
            }
            try await keys.insert(made.key, in: tx)
        }
        return made
    }

    func page(of account: AccountID, after cursor: PageCursor?, limit: Int) async throws -> Page<APIKey> {
        try await keys.page(of: account, after: cursor, limit: limit, in: database)
    }

    /// Replaces the presented key. The old key ends at once, or after `overlap`; either way every service is told.
    ///
    /// - Throws: ``KeyError/tooMany`` when both keys would be valid and the account already has the maximum.
    func rotate(_ id: APIKeyID, of account: AccountID, overlap: Duration) async throws -> NewKey {
        try await rotate(id, of: account, overlap: overlap) { old, now in
            guard let old, old.isValid(at: now) else { throw KeyError.hasEnded }
            return old
        }
    }

    /// Replaces any key of the account's that may do at most what `maker`'s credential may, in the same way: who gets the
    /// new one can do what it can.
    ///
    /// - Throws: ``KeyError``.
    func rotate(_ id: APIKeyID, by maker: Principal, overlap: Duration) async throws -> NewKey {
        try await rotate(id, of: maker.accountID, overlap: overlap) { old, now in
            guard let old else { throw KeyError.notFound(id) }
            try old.requireWithinReach(of: maker)
            guard old.isValid(at: now) else { throw KeyError.isOver }
            return old
        }
    }

    /// - Parameter check: Whether the key, if it is the account's, may be replaced.
    private func rotate(
        _ id: APIKeyID, of account: AccountID, overlap: Duration,
        check: (APIKey?, Timestamp) throws -> APIKey
    ) async throws -> NewKey {
        let now = clock.now
        return try await database.transaction { tx in
            try await lock(account, in: tx)
            let old = try check(try await keys.lock(id, of: account, in: tx), now)
            guard old.replacedBy == nil else { throw KeyError.alreadyRotated }
            if overlap > .zero, try await keys.countLive(of: account, at: now, in: tx) >= APIKey.limit {
                throw KeyError.tooMany
            }
            let made = old.successor(at: now)
            try await keys.insert(made.key, in: tx)
            try await keys.replace(id, by: made.key.id, endingAt: now + overlap, in: tx)
            if overlap == .zero { try await keys.revoke(id, at: now, in: tx) }
            try await revocations.announce(.credential(sha256: old.sha256), in: tx)
            return made
        }
    }

    /// Ends a key in every service. A repeat changes nothing.
    func revoke(_ id: APIKeyID, of account: AccountID) async throws {
        let now = clock.now
        try await database.transaction { tx in
            guard let key = try await keys.lock(id, of: account, in: tx) else {
                throw KeyError.notFound(id)
            }
            try await keys.revoke(id, at: now, in: tx)
            try await revocations.announce(.credential(sha256: key.sha256), in: tx)
        }
    }

    /// A deleted or blocked account gets no key, and two simultaneous requests are counted one after the other.
    private func lock(_ account: AccountID, in tx: Transaction) async throws {
        try await accounts.lockActive(account, in: tx)
    }
}
