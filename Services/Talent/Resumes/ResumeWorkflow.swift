import Postgres
import ServiceKit
import SharedModels

/// The single resume of a profile, stored here.
struct ResumeWorkflow: Sendable {
    let database: Database
    let profiles: ProfileStore
    let workflow: ProfileWorkflow
    let files: FileWorkflow

    /// Stores a resume in place of the last one, which is then gone.
    ///
    /// - Throws: 412 through `check`, 503 while storage does not work.
    func replace(
        with file: FileInput, by caller: Principal, at now: Timestamp, expecting check: @escaping VersionCheck
    ) async throws -> (file: FileID, profile: OwnedProfile) {
        try check(try await workflow.finder.met(caller.accountID, at: now).version)
        let id = try await files.store(.bytes(file.bytes), file.type, at: now)
        let changed = try await workflow.change(caller.accountID, at: now, expecting: check) { profile, tx in
            try await files.keep(id, in: tx)
            return profile.showing(id, at: now)
        }
        return (id, try await workflow.owned(changed, by: caller, as: caller.userType))
    }

    /// Removes the resume, stored or linked. Without one nothing changes.
    ///
    /// - Throws: 412 through `check`.
    func remove(
        by caller: Principal, at now: Timestamp, expecting check: @escaping VersionCheck
    ) async throws -> OwnedProfile {
        let profile = try await workflow.finder.met(caller.accountID, at: now)
        try check(profile.version)
        let changed = try await workflow.change(caller.accountID, at: now, expecting: check) { profile, _ in
            profile.showing(nil, at: now)
        }
        return try await workflow.owned(changed, by: caller, as: caller.userType)
    }

    /// - Throws: 404 for anything but the resume that the profile shows now.
    func file(_ id: FileID, of owner: AccountID) async throws -> (type: FileType, bytes: [UInt8]) {
        guard
            let profile = try await profiles.find(owner, in: database), profile.resumeFile == id,
            let file = try await files.read(id)
        else { throw ResumeError.notFound }
        return file
    }
}
