import SharedModels

/// Where what a profile points to is found.
struct ProfileLinks: Sendable {
    /// Where GitHub profiles are looked at, without a trailing slash.
    let githubBase: String
    /// The gateway, without a trailing slash.
    let publicURL: String

    func gitHub(_ username: String) -> String { "\(githubBase)/\(username)" }

    /// A stored resume, for whoever may see the profile.
    func resume(_ file: FileID, of owner: AccountID) -> String {
        publicURL + Endpoints.resumes.get.operation.path(with: ["userId": "\(owner)", "fileId": "\(file)"])
    }
}
