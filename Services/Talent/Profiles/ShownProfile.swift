import SharedModels

/// A profile as its owner sees it, with what auth and payments know of the account.
struct OwnedProfile: Sendable {
    let profile: Profile
    let userType: UserType
    let plan: Plan
    let credits: Int64

    func view(_ links: ProfileLinks) -> OwnProfile {
        OwnProfile(
            userID: profile.userID, userType: userType, ghostScore: profile.ghostScore, creditsBalance: credits,
            subscriptionTier: plan, displayName: profile.displayName, bio: profile.bio,
            skills: profile.skills.map(\.name),
            resumeURL: links.resume(of: profile), portfolioWebsiteURL: profile.portfolioWebsiteURL,
            githubUsername: profile.githubUsername, githubProfileURL: profile.githubUsername.map(links.gitHub),
            updatedAt: profile.updatedAt)
    }
}

/// A profile as everybody sees it.
struct PublishedProfile: Sendable {
    let profile: Profile
    let vouchers: [Voucher]

    func view(_ links: ProfileLinks) -> PublicProfile {
        PublicProfile(
            userID: profile.userID, displayName: profile.displayName, bio: profile.bio,
            skills: profile.skills.map(\.name),
            ghostScore: profile.ghostScore, resumeURL: links.resume(of: profile),
            portfolioWebsiteURL: profile.portfolioWebsiteURL, vouchedBy: vouchers,
            githubUsername: profile.githubUsername, githubProfileURL: profile.githubUsername.map(links.gitHub))
    }
}
