/// A resume that was just stored, and the profile that shows it.
public struct StoredResume: Model {
    public let resumeURL: String
    public let profile: OwnProfile

    public init(resumeURL: String, profile: OwnProfile) {
        self.resumeURL = resumeURL
        self.profile = profile
    }

    enum CodingKeys: String, CodingKey {
        case resumeURL = "resume_url"
        case profile
    }
}

/// The file behind `resume_url`.
public enum ResumeEndpoints {
    public static let file = FileField("resume", types: FileType.allCases, maximum: 5 << 20)

    public static let upload = Endpoint<FileInput, StoredResume>(
        "profile.resume.upload", .post, "/api/profile/me/resume", of: .talent,
        access: .account(.profilesWrite),
        errors: [.preconditionFailed], idempotency: .resumable, file: file,
        "Store your resume in place of the last one")
    public static let remove = Endpoint<NoInput, OwnProfile>(
        "profile.resume.remove", .delete, "/api/profile/me/resume", of: .talent,
        access: .account(.profilesWrite),
        errors: [.preconditionFailed], idempotency: .resumable, "Remove your resume")
    /// What `resume_url` of a stored resume names; gone once the file is replaced or removed.
    public static let get = Endpoint<NoInput, FileOutput>(
        "profile.resume.get", .get, "/api/profile/{userId}/resume/{fileId}", of: .talent,
        access: .account(.profilesRead), errors: [.notFound], "Somebody's resume")

    public static let all: [Operation] = [upload.operation, remove.operation, get.operation]
}
