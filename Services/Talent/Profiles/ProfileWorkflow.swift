import Postgres
import ServiceKit
import SharedModels

/// What callers can ask about profiles.
struct ProfileWorkflow: Sendable {
    let database: Database
    let profiles: ProfileStore
    let vouches: VouchStore
    let finder: ProfileFinder
    let files: FileWorkflow
    let peers: any TalentPeers
    let links: ProfileLinks

    /// One's own profile, with the facts of it that auth and payments own.
    func own(_ caller: Principal, at now: Timestamp) async throws -> (view: OwnProfile, version: Int64) {
        let profile = try await finder.met(caller.accountID, at: now)
        return (try await view(of: profile, caller, userType: caller.userType), profile.version)
    }

    /// Changes the caller's profile; a switch of type first, as it can be refused by what others own. What
    /// changes nothing is not saved.
    ///
    /// Whoever makes a switch conditional takes the version first: it is checked and counted up under the lock before
    /// auth is told, so that of two who saw the same one the second is refused while nothing has happened. A switch that
    /// auth then refuses leaves another version of the same profile behind.
    ///
    /// - Parameter check: Of the version that the caller has seen; `nil` for a change of whatever is there.
    /// - Throws: 409 for a switch of type while deals in the old role are open; 412 through `check`.
    func update(
        _ update: ProfileUpdate, by caller: Principal, at now: Timestamp, if check: VersionCheck?
    ) async throws -> (view: OwnProfile, version: Int64) {
        let profile = try await finder.met(caller.accountID, at: now)
        try check?(profile.version)
        _ = try profile.applying(update, at: now)
        let type = update.userType ?? caller.userType
        let isSwitched = type != caller.userType
        let isTaken = isSwitched && check != nil
        if isSwitched {
            try await checkDeals(of: caller)
            if let check { try await takeVersion(of: caller.accountID, at: now, if: check) }
            try await peers.switchType(of: caller.accountID, to: type)
        }
        let changed = try await change(caller.accountID, at: now, if: isTaken ? nil : check) { profile, _ in
            try profile.applying(
                profile.leavingResume(in: update, links), switchingType: isSwitched && !isTaken, at: now)
        }
        return (try await view(of: changed, caller, userType: type), changed.version)
    }

    /// Makes another version of the same profile, of which no one else's condition is true any more.
    private func takeVersion(of id: AccountID, at now: Timestamp, if check: @escaping VersionCheck) async throws {
        _ = try await change(id, at: now, if: check) { profile, _ in
            try profile.applying(.none, switchingType: true, at: now)
        }
    }

    /// Changes a profile under its lock. A stored resume that it shows no longer is let go.
    ///
    /// - Throws: 404 when it is gone; 412 through `check`; what `body` throws.
    func change(
        _ id: AccountID, at now: Timestamp, if check: VersionCheck?,
        _ body: (Profile, Transaction) async throws -> Profile
    ) async throws -> Profile {
        try await database.transaction { tx in
            guard let profile = try await profiles.lock(id, in: tx) else {
                throw TalentError.profileNotFound(id)
            }
            try check?(profile.version)
            let changed = try await body(profile, tx)
            guard changed.version != profile.version else { return profile }
            try await profiles.save(changed, in: tx)
            if let old = profile.resumeFile, old != changed.resumeFile {
                try await files.letGo(old, at: now, in: tx)
            }
            return changed
        }
    }

    /// - Throws: 404 for an account that does not exist.
    func published(_ id: AccountID, at now: Timestamp) async throws -> PublicProfile {
        let profile = try await finder.met(id, at: now)
        let vouchers = try await vouches.vouchers(of: [id], in: database)
        return profile.published(vouchedBy: vouchers[id] ?? [], links: links)
    }

    /// The profiles of many accounts; unknown ones are left out.
    func published(_ ids: [AccountID], at now: Timestamp) async throws -> [PublicProfile] {
        let found = try await finder.find(ids, at: now)
        let vouchers = try await vouches.vouchers(of: found.map(\.userID), in: database)
        return found.map { $0.published(vouchedBy: vouchers[$0.userID] ?? [], links: links) }
    }

    private func checkDeals(of caller: Principal) async throws {
        let open = try await peers.openDeals(of: caller.accountID)
        let count = caller.userType == .client ? open.asClient : open.asWorker
        guard count == 0 else { throw TalentError.openDeals(caller.userType, count: count) }
    }

    func view(of profile: Profile, _ caller: Principal, userType: UserType) async throws -> OwnProfile {
        let credits = try await peers.creditsBalance(of: profile.userID)
        return profile.own(caller, userType: userType, credits: credits, links: links)
    }
}
