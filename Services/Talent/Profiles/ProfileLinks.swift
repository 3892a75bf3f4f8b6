import ServiceKit
import SharedModels

/// The URLs that a profile shows.
struct ProfileLinks: Sendable {
    /// Where GitHub profiles are shown, without a trailing slash.
    let githubBase: String
    let pictures: PictureLinks
    /// The gateway, without a trailing slash.
    private var publicURL: String { pictures.publicURL }

    func gitHub(_ username: String) -> String { "\(githubBase)/\(username)" }

    init(githubBase: String, pictures: PictureLinks) {
        (self.githubBase, self.pictures) = (githubBase, pictures)
    }

    /// Where the profile's picture is; empty without one.
    func picture(of profile: Profile, at now: Timestamp) -> String {
        switch profile.picture {
        case .file(let id): pictures.url(of: id, at: now)
        case .link(let url): url
        case nil: ""
        }
    }

    /// Where the profile's resume can be read, stored here or elsewhere.
    func resume(of profile: Profile) -> String? {
        profile.resumeURL ?? profile.resumeFile.map { resume($0, of: profile.userID) }
    }

    /// A stored resume, for everybody who may see the profile.
    func resume(_ file: FileID, of owner: AccountID) -> String {
        publicURL + Endpoints.resumes.get.operation.path(with: ["userId": "\(owner)", "fileId": "\(file)"])
    }
}
