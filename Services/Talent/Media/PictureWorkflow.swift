import ServiceKit
import SharedModels

/// The picture of a profile, which all surfaces show.
struct PictureWorkflow: Sendable {
    let profiles: ProfileWorkflow
    let files: FileWorkflow
    let workshop: ImageWorkshop

    /// Stores a picture in place of the last one, which is then gone.
    ///
    /// - Throws: 403 for somebody else's profile, 400 for a file that is not what it says it is, 412 through `check`, 503
    ///   while storage does not work.
    func replace(
        with upload: UploadInput, _ shape: ImageWorkshop.Shape, field: FileField, of id: AccountID,
        by caller: Principal, at now: Timestamp, expecting check: @escaping VersionCheck
    ) async throws -> (file: FileID, profile: Profile) {
        guard id == caller.accountID else { throw MediaError.notOwn }
        try check(try await profiles.finder.met(id, at: now).version)
        let bytes = try await workshop.fit(upload, shape, field: field.name, of: id)
        let file = try await files.store(.bytes(bytes), upload.type, at: now)
        let profile = try await profiles.change(id, at: now, expecting: check) { profile, tx in
            try await files.keep(file, in: tx)
            return profile.changed(at: now) { $0.picture = .file(file) }
        }
        return (file, profile)
    }
}
