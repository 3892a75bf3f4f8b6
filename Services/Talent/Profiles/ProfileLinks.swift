import SharedModels

/// The URLs that a profile shows.
struct ProfileLinks: Sendable {
    /// Where GitHub profiles are shown, without a trailing slash.
    let githubBase: String
    /// The gateway, without a trailing slash.
    let publicURL: String

    func gitHub(_ username: String) -> String { "\(githubBase)/\(username)" }

    /// Where the profile's resume can be read, stored here or elsewhere.
    func resume(of profile: Profile) -> String? {
        profile.resumeURL ?? profile.resumeFile.map { resume($0, of: profile.userID) }
    }

    /// A stored resume, for everybody who may see the profile.
    func resume(_ file: FileID, of owner: AccountID) -> String {
        publicURL + Endpoints.resumes.get.operation.path(with: ["userId": "\(owner)", "fileId": "\(file)"])
    }
}
