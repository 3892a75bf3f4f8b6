import Postgres
import ServiceKit
import SharedModels

/// Callers' requests about profiles.
struct ProfileWorkflow: Sendable {
    let database: Database
    let profiles: ProfileStore
    let vouches: VouchStore
    let finder: ProfileFinder
    let files: FileWorkflow
    let peers: any TalentPeers
    let links: ProfileLinks
    let outbox: Outbox
    let figures = FigureStore()

    /// The caller's own profile, with the data that auth and payments own.
    func own(_ caller: Principal, at now: Timestamp) async throws -> OwnedProfile {
        try await owned(finder.met(caller.accountID, at: now), by: caller, as: caller.userType)
    }

    /// Changes the caller's profile. A switch of type comes first, because auth and contracts can refuse it. If nothing
    /// changes, nothing is saved.
    ///
    /// A conditional switch takes the version first: under the lock the version is checked and raised before auth is
    /// told. So if two callers saw the same version, the second is refused before anything has happened. If auth then
    /// refuses the switch, the same profile keeps its new version.
    ///
    /// - Parameter check: Checks the version that the caller has seen; `nil` for an unconditional change.
    /// - Throws: 409 for a switch of type while deals in the old role are open; 412 through `check`.
    func update(
        _ update: ProfileUpdate, by caller: Principal, at now: Timestamp, expecting check: VersionCheck?
    ) async throws -> OwnedProfile {
        let profile = try await finder.met(caller.accountID, at: now)
        try check?(profile.version)
        _ = try profile.applying(update, at: now)
        let type = update.userType ?? caller.userType
        let isSwitched = type != caller.userType
        let isTaken = isSwitched && check != nil
        if isSwitched {
            try await checkDeals(of: caller)
            if let check { try await takeVersion(of: caller.accountID, at: now, expecting: check) }
            let facts = try await peers.switchType(of: caller.accountID, to: type)
            try await profiles.follow(facts, at: now, in: database)
        }
        let changed = try await change(caller.accountID, at: now, expecting: isTaken ? nil : check) { profile, _ in
            try profile.applying(
                profile.leavingResume(in: update, links), switchingType: isSwitched && !isTaken, at: now)
        }
        return try await owned(changed, by: caller, as: type)
    }

    /// Makes another version of the same profile, of which no one else's condition is true any more.
    private func takeVersion(of id: AccountID, at now: Timestamp, expecting check: @escaping VersionCheck) async throws
    {
        _ = try await change(id, at: now, expecting: check) { profile, _ in
            try profile.applying(.none, switchingType: true, at: now)
        }
    }

    /// Changes a profile under its lock. A change is told. A stored resume or picture that it no longer shows is
    /// removed.
    ///
    /// - Throws: 404 when it was deleted; 412 through `check`; the errors of `body`.
    func change(
        _ id: AccountID, at now: Timestamp, expecting check: VersionCheck?,
        _ body: (Profile, Transaction) async throws -> Profile
    ) async throws -> Profile {
        try await change(id, at: now, expecting: check, telling: { (try await body($0, $1), []) })
    }

    /// - Parameter body: Also names the members that it changed besides those of the profile.
    func change(
        _ id: AccountID, at now: Timestamp, expecting check: VersionCheck?,
        telling body: (Profile, Transaction) async throws -> (Profile, [String])
    ) async throws -> Profile {
        try await database.transaction { tx in
            guard let profile = try await profiles.lock(id, in: tx) else {
                throw ProfileError.notFound(id)
            }
            try check?(profile.version)
            let (changed, others) = try await body(profile, tx)
            guard changed.version != profile.version else { return profile }
            try await profiles.save(changed, in: tx)
            for old in profile.storedFiles.subtracting(changed.storedFiles) {
                try await files.letGo(old, at: now, in: tx)
            }
            try await tell(of: changed, changed.differences(from: profile) + others, in: tx)
            return changed
        }
    }

    private func tell(of profile: Profile, _ fields: [String], in tx: Transaction) async throws {
        guard !fields.isEmpty else { return }
        let change = ProfileChange(userID: profile.userID, updatedFields: fields, updatedAt: profile.updatedAt)
        try await outbox.append(
            Announcement(
                ProfileUpdated.self, of: profile.userID, sequence: profile.version, to: [profile.userID], change,
                at: profile.updatedAt),
            in: tx)
        try await figures.noteActivity(of: profile.userID, on: profile.updatedAt.day, in: tx)
    }

    /// - Throws: 404 for an account that does not exist.
    func published(_ id: AccountID, at now: Timestamp) async throws -> PublishedProfile {
        let profile = try await finder.met(id, at: now)
        let vouchers = try await vouches.vouchers(of: [id], in: database)
        return PublishedProfile(profile: profile, vouchers: vouchers[id] ?? [])
    }

    /// The profiles of many accounts. Unknown accounts are left out.
    func published(_ ids: [AccountID], at now: Timestamp) async throws -> [PublishedProfile] {
        let found = try await finder.find(ids, at: now)
        let vouchers = try await vouches.vouchers(of: found.map(\.userID), in: database)
        return found.map { PublishedProfile(profile: $0, vouchers: vouchers[$0.userID] ?? []) }
    }

    private func checkDeals(of caller: Principal) async throws {
        let open = try await peers.openDeals(of: caller.accountID)
        let count = caller.userType == .client ? open.asClient : open.asWorker
        guard count == 0 else { throw ProfileError.openDeals(caller.userType, count: count) }
    }

    func owned(_ profile: Profile, by caller: Principal, as type: UserType) async throws -> OwnedProfile {
        OwnedProfile(
            profile: profile, userType: type, plan: caller.plan,
            credits: try await peers.creditsBalance(of: profile.userID))
    }
}
