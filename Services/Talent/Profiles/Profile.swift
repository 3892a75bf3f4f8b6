import SharedModels

/// How an account shows itself to others.
struct Profile: Sendable, Equatable {
    let userID: AccountID
    var displayName: String
    var bio: String?
    var skills: [String]
    /// 0 to 100: how far deals with this account can be relied on.
    let ghostScore: Int
    var resumeURL: String?
    var portfolioWebsiteURL: String?
    let githubUsername: String?
    var version: Int64
    let createdAt: Timestamp
    var updatedAt: Timestamp

    /// The profile of an account that is met for the first time.
    init(_ facts: AccountFacts, at now: Timestamp) {
        self.init(
            userID: facts.userID, displayName: String(facts.displayName.prefix(100)), bio: nil, skills: [], ghostScore: 50,
            resumeURL: nil, portfolioWebsiteURL: nil, githubUsername: facts.githubUsername, version: 1, createdAt: now,
            updatedAt: now)
    }

    init(
        userID: AccountID, displayName: String, bio: String?, skills: [String], ghostScore: Int, resumeURL: String?,
        portfolioWebsiteURL: String?, githubUsername: String?, version: Int64, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.userID = userID
        self.displayName = displayName
        self.bio = bio
        self.skills = skills
        self.ghostScore = ghostScore
        self.resumeURL = resumeURL
        self.portfolioWebsiteURL = portfolioWebsiteURL
        self.githubUsername = githubUsername
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// - Throws: ``TalentError/nameRequired`` when the name is cleared.
    func applying(_ update: ProfileUpdate, at now: Timestamp) throws(TalentError) -> Profile {
        var changed = self
        guard let name = update.displayName.applied(to: displayName) else { throw .nameRequired }
        changed.displayName = name
        changed.bio = update.bio.applied(to: bio)
        changed.skills = update.skills.applied(to: skills) ?? []
        changed.portfolioWebsiteURL = update.portfolioWebsiteURL.applied(to: portfolioWebsiteURL)
        changed.resumeURL = update.resumeURL.applied(to: resumeURL)
        changed.version += 1
        changed.updatedAt = now
        return changed
    }

    func own(_ caller: Principal, userType: UserType, credits: Int64, githubBase: String) -> OwnProfile {
        OwnProfile(
            userID: userID, userType: userType, ghostScore: ghostScore, creditsBalance: credits,
            subscriptionTier: caller.plan, displayName: displayName, bio: bio, skills: skills, resumeURL: resumeURL,
            portfolioWebsiteURL: portfolioWebsiteURL, githubUsername: githubUsername,
            githubProfileURL: githubUsername.map { "\(githubBase)/\($0)" }, updatedAt: updatedAt)
    }

    func published(vouchedBy: [Voucher], githubBase: String) -> PublicProfile {
        PublicProfile(
            userID: userID, displayName: displayName, bio: bio, skills: skills, ghostScore: ghostScore,
            resumeURL: resumeURL, portfolioWebsiteURL: portfolioWebsiteURL, vouchedBy: vouchedBy,
            githubUsername: githubUsername, githubProfileURL: githubUsername.map { "\(githubBase)/\($0)" })
    }
}
