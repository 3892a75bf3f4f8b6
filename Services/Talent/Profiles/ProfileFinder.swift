import Postgres
import ServiceKit
import SharedModels

/// Finds profiles, and creates those of accounts seen for the first time.
struct ProfileFinder: Sendable {
    let database: Database
    let profiles: ProfileStore
    let tombstones: TombstoneStore
    let digests: IdentityDigests
    let peers: any TalentPeers

    /// - Throws: 404 for an account that does not exist or was deleted.
    func met(_ id: AccountID, at now: Timestamp) async throws -> Profile {
        guard let profile = try await find(id, at: now) else { throw ProfileError.notFound(id) }
        return profile
    }

    /// - Returns: `nil` when there is no such account.
    func find(_ id: AccountID, at now: Timestamp) async throws -> Profile? {
        try await find([id], at: now).first
    }

    /// The profiles of many accounts, in any order. Unknown accounts are left out.
    func find(_ ids: [AccountID], at now: Timestamp) async throws -> [Profile] {
        let found = try await profiles.find(ids, in: database)
        var new: [AccountFacts] = []
        // All questions are asked before the first write, because a request with an Idempotency-Key may not ask
        // afterwards.
        for id in Set(ids).subtracting(found.map(\.userID)) {
            do {
                new.append(try await peers.facts(of: id))
            } catch let refusal as PeerRefusal where refusal.code == .notFound {
                continue
            }
        }
        for facts in new { try await meet(facts, at: now) }
        return new.isEmpty ? found : try await profiles.find(ids, in: database)
    }

    /// Asks auth about an account, and keeps what it says. Without a profile, or without an account, nothing happens.
    func renew(_ id: AccountID, at now: Timestamp) async throws {
        do {
            let facts = try await peers.facts(of: id)
            try await database.transaction { tx in
                try await profiles.follow(facts, at: now, in: tx)
                try await tombstones.note(digests.of(facts), of: id, in: tx)
            }
        } catch let refusal as PeerRefusal where refusal.code == .notFound {
            return
        }
    }

    /// Creates the profile of a new account, with the score of an earlier account of the same person.
    private func meet(_ facts: AccountFacts, at now: Timestamp) async throws {
        try await database.transaction { tx in
            let isNew = try await profiles.insertIfAbsent(
                Profile(facts, at: now), accountVersion: facts.version, in: tx)
            guard isNew else { return }
            guard
                let score = try await tombstones.exhume(
                    digests.of(facts), for: facts.userID, in: tx)
            else {
                return
            }
            try await profiles.setGhostScore(score, of: facts.userID, in: tx)
        }
    }
}

extension IdentityDigests {
    fileprivate func of(_ facts: AccountFacts) -> [String] {
        of(gitHub: facts.githubID, google: facts.googleSubject, emails: [facts.email, facts.verifiedEmail])
    }
}
