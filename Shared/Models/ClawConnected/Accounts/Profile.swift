/// One's own profile.
public struct OwnProfile: Model {
    public let userID: AccountID
    public let userType: UserType
    public let ghostScore: Int
    public let creditsBalance: Int64
    public let subscriptionTier: Plan
    public let displayName: String
    public let bio: String?
    public let skills: [String]
    public let resumeURL: String?
    public let portfolioWebsiteURL: String?
    public let githubUsername: String?
    public let githubProfileURL: String?
    public let updatedAt: Timestamp

    public init(
        userID: AccountID, userType: UserType, ghostScore: Int, creditsBalance: Int64, subscriptionTier: Plan,
        displayName: String, bio: String?, skills: [String], resumeURL: String?, portfolioWebsiteURL: String?,
        githubUsername: String?, githubProfileURL: String?, updatedAt: Timestamp
    ) {
        self.userID = userID
        self.userType = userType
        self.ghostScore = ghostScore
        self.creditsBalance = creditsBalance
        self.subscriptionTier = subscriptionTier
        self.displayName = displayName
        self.bio = bio
        self.skills = skills
        self.resumeURL = resumeURL
        self.portfolioWebsiteURL = portfolioWebsiteURL
        self.githubUsername = githubUsername
        self.githubProfileURL = githubProfileURL
        self.updatedAt = updatedAt
    }
}

public struct ProfileUpdate: PartialUpdate {
    public var displayName: Patch<String> = .keep
    public var bio: Patch<String> = .keep
    public var skills: Patch<[String]> = .keep
    public var userType: UserType?
    public var portfolioWebsiteURL: Patch<String> = .keep
    public var resumeURL: Patch<String> = .keep

    /// Changes nothing.
    public static let none = Self()

    public static let rules: [String: MemberRule] = [
        "displayName": .name, "bio": .optionalText(0...5000),
        "skills": .texts(count: 0...100, length: 1...50),
        "portfolioWebsiteURL": .format(.uri), "resumeURL": .format(.uri),
    ]
}

/// A profile as everybody signed in sees it.
public struct PublicProfile: Model {
    public let userID: AccountID
    public let displayName: String
    public let bio: String?
    public let skills: [String]
    public let ghostScore: Int
    public let resumeURL: String?
    public let portfolioWebsiteURL: String?
    public let vouchedBy: [Voucher]
    public let githubUsername: String?
    public let githubProfileURL: String?

    public init(
        userID: AccountID, displayName: String, bio: String?, skills: [String], ghostScore: Int, resumeURL: String?,
        portfolioWebsiteURL: String?, vouchedBy: [Voucher], githubUsername: String?, githubProfileURL: String?
    ) {
        self.userID = userID
        self.displayName = displayName
        self.bio = bio
        self.skills = skills
        self.ghostScore = ghostScore
        self.resumeURL = resumeURL
        self.portfolioWebsiteURL = portfolioWebsiteURL
        self.vouchedBy = vouchedBy
        self.githubUsername = githubUsername
        self.githubProfileURL = githubProfileURL
    }
}

/// Somebody who vouches for another.
public struct Voucher: Model {
    public let userID: AccountID
    public let displayName: String

    public init(userID: AccountID, displayName: String) {
        self.userID = userID
        self.displayName = displayName
    }
}

/// `/api/profile`.
public struct ProfileEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.talent

    public let me = Endpoint<NoInput, OwnProfile>(
        "profile.me", .get, "/api/profile/me", of: Self.self, access: .account(.profilesRead), "Your profile")
    public let update = Endpoint<ProfileUpdate, OwnProfile>(
        "profile.update", .patch, "/api/profile/me", of: Self.self, access: .account(.profilesWrite),
        errors: [.conflict, .preconditionFailed], idempotency: .resumable, "Change your profile")
    public let get = Endpoint<NoInput, PublicProfile>(
        "profile.get", .get, "/api/profile/{userId}", of: Self.self, access: .account(.profilesRead),
        errors: [.notFound],
        "Somebody's public profile")
}
