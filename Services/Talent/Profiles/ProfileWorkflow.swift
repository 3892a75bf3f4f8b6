import Postgres
import ServiceKit
import SharedModels

/// What callers can ask about profiles.
struct ProfileWorkflow: Sendable {
    let database: Database
    let inbox: Inbox
    let profiles: ProfileStore
    let peers: Peers
    let githubBase: String

    /// One's own profile, with the facts of it that auth and payments own.
    func own(_ caller: Principal, at now: Timestamp) async throws -> (view: OwnProfile, version: Int64) {
        let profile = try await met(caller.accountID, at: now)
        return (try await view(of: profile, caller, userType: caller.userType), profile.version)
    }

    /// Changes the caller's profile; a switch of type first, as it can be refused by what others own.
    ///
    /// - Throws: 409 for a switch of type while deals in the old role are open; 412 through `check`.
    func update(
        _ update: ProfileUpdate, by caller: Principal, at now: Timestamp, if check: (Int64) throws -> Void
    ) async throws -> (view: OwnProfile, version: Int64) {
        let profile = try await met(caller.accountID, at: now)
        try check(profile.version)
        _ = try profile.applying(update, at: now)
        if let type = update.userType, type != caller.userType { try await switchType(of: caller, to: type) }
        let changed = try await database.transaction { tx in
            guard let locked = try await profiles.lock(caller.accountID, in: tx) else {
                throw TalentError.profileNotFound(caller.accountID)
            }
            try check(locked.version)
            let changed = try locked.applying(update, at: now)
            try await profiles.save(changed, in: tx)
            return changed
        }
        return (try await view(of: changed, caller, userType: update.userType ?? caller.userType), changed.version)
    }

    /// - Throws: 404 for an account that does not exist.
    func published(_ id: AccountID, at now: Timestamp) async throws -> PublicProfile {
        let profile = try await met(id, at: now)
        let vouchers = try await profiles.vouchers(of: [id], in: database)
        return profile.published(vouchedBy: vouchers[id] ?? [], githubBase: githubBase)
    }

    /// The profiles of many accounts; unknown ones are left out.
    func published(_ ids: [AccountID], at now: Timestamp) async throws -> [PublicProfile] {
        var found = try await profiles.many(ids, in: database)
        let unknown = Set(ids).subtracting(found.map(\.userID))
        for id in unknown {
            do {
                found.append(try await met(id, at: now))
            } catch TalentError.profileNotFound {
                continue
            }
        }
        let vouchers = try await profiles.vouchers(of: found.map(\.userID), in: database)
        return found.map { $0.published(vouchedBy: vouchers[$0.userID] ?? [], githubBase: githubBase) }
    }

    /// Makes profiles of new accounts, and moves the ghost score with the end of a contract.
    func receive(_ event: EventEnvelope, at now: Timestamp) async throws {
        if event.name == InternalEventName.accountCreated.rawValue {
            _ = try await met(AccountID(event.aggregate.uuid), at: now)
            return
        }
        guard
            event.name == EventName.contractUpdated.rawValue,
            let status = event.data["status"]?.string.flatMap(ContractStatus.init),
            let points = GhostScore.points(for: status)
        else { return }
        let parties = ["client_user_id", "worker_user_id"].compactMap { event.data[$0]?.string.flatMap { AccountID($0) } }
        for party in parties { _ = try await met(party, at: now) }
        try await database.transaction { tx in
            _ = try await inbox.once(event.id, at: now, in: tx) {
                for party in parties.sorted() { try await profiles.addGhostScore(points, to: party, in: tx) }
            }
        }
    }

    /// The profile of an account, made from auth's facts when it is met for the first time.
    private func met(_ id: AccountID, at now: Timestamp) async throws -> Profile {
        if let profile = try await profiles.get(id, in: database) { return profile }
        let facts: AccountFacts
        do {
            facts = try await peers.call(AuthInternal.account, NoInput(), path: ["id": id.description])
        } catch let refusal as PeerRefusal where refusal.code == .notFound {
            throw TalentError.profileNotFound(id)
        }
        let profile = Profile(facts, at: now)
        try await profiles.insert(profile, in: database)
        return try await profiles.get(id, in: database) ?? profile
    }

    private func switchType(of caller: Principal, to type: UserType) async throws {
        let path = ["id": caller.accountID.description]
        let open = try await peers.call(ContractsInternal.openDeals, NoInput(), path: path)
        let count = caller.userType == .client ? open.asClient : open.asWorker
        guard count == 0 else { throw TalentError.openDeals(caller.userType, count: count) }
        _ = try await peers.call(AuthInternal.setUserType, UserTypeInput(userType: type), path: path)
    }

    private func view(of profile: Profile, _ caller: Principal, userType: UserType) async throws -> OwnProfile {
        let credits = try await peers.call(
            PaymentsInternal.credits, NoInput(), path: ["id": profile.userID.description])
        return profile.own(caller, userType: userType, credits: credits.creditsBalance, githubBase: githubBase)
    }
}

/// How the end of a contract moves both parties' scores (`clawconnected.md`, section 8, item 21).
enum GhostScore {
    static func points(for status: ContractStatus) -> Int? {
        switch status {
        case .completed: 5
        case .expired: -5
        case .pendingOwnerApproval, .pendingFreelancerKYC, .pendingClientFunding, .pendingBoth, .active, .cancelled: nil
        }
    }
}
