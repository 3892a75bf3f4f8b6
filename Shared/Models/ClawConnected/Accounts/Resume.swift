/// A resume that was just stored, and the profile that shows it.
public struct StoredResume: Model {
    public let resumeURL: String
    public let profile: OwnProfile

    public init(resumeURL: String, profile: OwnProfile) {
        self.resumeURL = resumeURL
        self.profile = profile
    }
}

/// The file behind `resume_url`.
public struct ResumeEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.talent

    public static let file = FileField("resume", types: [.pdf, .jpeg, .png, .webP], maximum: 5 << 20)

    public let upload = Endpoint<FileInput, StoredResume>(
        "profile.resume.upload", .post, "/api/profile/me/resume", of: Self.self,
        access: .account(.profilesWrite),
        errors: [.preconditionFailed], idempotency: .resumable, file: Self.file,
        "Store your resume in place of the last one")
    public let remove = Endpoint<NoInput, OwnProfile>(
        "profile.resume.remove", .delete, "/api/profile/me/resume", of: Self.self,
        access: .account(.profilesWrite),
        errors: [.preconditionFailed], idempotency: .resumable, "Remove your resume")
    /// What `resume_url` of a stored resume names; gone once the file is replaced or removed.
    public let get = Endpoint<NoInput, FileOutput>(
        "profile.resume.get", .get, "/api/profile/{userId}/resume/{fileId}", of: Self.self,
        access: .account(.profilesRead), errors: [.notFound], mediaTypes: Self.file.types.map(\.rawValue),
        "Somebody's resume")
}
