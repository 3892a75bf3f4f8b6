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

    enum CodingKeys: String, CodingKey {
        case bio, skills
        case userID = "user_id"
        case userType = "user_type"
        case ghostScore = "ghost_score"
        case creditsBalance = "credits_balance"
        case subscriptionTier = "subscription_tier"
        case displayName = "display_name"
        case resumeURL = "resume_url"
        case portfolioWebsiteURL = "portfolio_website_url"
        case githubUsername = "github_username"
        case githubProfileURL = "github_profile_url"
        case updatedAt = "updated_at"
    }
}

public struct ProfileUpdate: PartialUpdate {
    public var displayName: Patch<String>
    public var bio: Patch<String>
    public var skills: Patch<[String]>
    public var userType: UserType?
    public var portfolioWebsiteURL: Patch<String>
    public var resumeURL: Patch<String>

    public init(
        displayName: Patch<String> = .keep, bio: Patch<String> = .keep, skills: Patch<[String]> = .keep,
        userType: UserType? = nil, portfolioWebsiteURL: Patch<String> = .keep, resumeURL: Patch<String> = .keep
    ) {
        self.displayName = displayName
        self.bio = bio
        self.skills = skills
        self.userType = userType
        self.portfolioWebsiteURL = portfolioWebsiteURL
        self.resumeURL = resumeURL
    }

    public static let rules: [String: MemberRule] = [
        "display_name": .name, "bio": .optionalText(0...5000),
        "skills": .texts(count: 0...100, length: 1...50),
        "portfolio_website_url": .format(.uri), "resume_url": .format(.uri),
    ]

    enum CodingKeys: String, CodingKey {
        case bio, skills
        case displayName = "display_name"
        case userType = "user_type"
        case portfolioWebsiteURL = "portfolio_website_url"
        case resumeURL = "resume_url"
    }
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

    enum CodingKeys: String, CodingKey {
        case bio, skills
        case userID = "user_id"
        case displayName = "display_name"
        case ghostScore = "ghost_score"
        case resumeURL = "resume_url"
        case portfolioWebsiteURL = "portfolio_website_url"
        case vouchedBy = "vouched_by"
        case githubUsername = "github_username"
        case githubProfileURL = "github_profile_url"
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

    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case displayName = "display_name"
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
