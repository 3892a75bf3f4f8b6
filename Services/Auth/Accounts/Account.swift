import SharedModels

/// A person or an agent, from any of the surfaces.
struct Account: Sendable, Equatable {
    let id: AccountID
    var userType: UserType
    /// Granted by the configuration, to an account of either type.
    var isAdmin = false
    /// Whether the owner had an account before and deleted it.
    var isReturning = false
    var plan: Plan
    var displayName: String
    /// How the owner can be reached.
    var email: String?
    /// The address that the owner has proven, in lower case. No other account has it.
    var verifiedEmail: String?
    var mobile: String?
    var gitHub: GitHubIdentity?
    /// Google's id of the owner.
    var googleSubject: String?
    /// Whether the owner has taken GitHub away: then an equal mail address does not link it.
    var keepsGitHubOut = false
    var keepsGoogleOut = false
    /// A blocked account signs in nowhere, and none of its credentials is valid.
    var status = AccountStatus.active
    /// Grows with every change.
    var version: Int64
    let createdAt: Timestamp

    var role: Role {
        isAdmin ? .admin : userType.role
    }

    var facts: AccountFacts {
        AccountFacts(
            userID: id, userType: userType, plan: plan, displayName: displayName, email: email,
            verifiedEmail: verifiedEmail, githubID: gitHub?.id, githubUsername: gitHub?.username,
            googleSubject: googleSubject, isReturning: isReturning, version: version, createdAt: createdAt)
    }

    /// The account of a person who signs in with GitHub for the first time: a freelancer if eligible, otherwise a
    /// client.
    static func signingUp(_ user: GitHubUser, plan: Plan, at now: Timestamp) -> Self {
        Self(
            id: .make(at: now),
            userType: user.identity.standing.whyNotFreelancer(at: now) == nil ? .freelancer : .client,
            plan: plan, displayName: user.displayName, email: user.email, gitHub: user.identity, version: 1,
            createdAt: now)
    }

    /// The account of a person who has proven a mail address.
    ///
    /// - Parameter id: The id that it has already; else it gets a new one.
    static func registering(
        _ email: String, as name: String, _ type: UserType, mobile: String? = nil, plan: Plan, id: AccountID? = nil,
        at now: Timestamp
    ) -> Self {
        Self(
            id: id ?? .make(at: now), userType: type, plan: plan, displayName: name, email: email, verifiedEmail: email,
            mobile: mobile, version: 1, createdAt: now)
    }

    /// The account of the admin named in the configuration.
    static func admin(email: String, plan: Plan, at now: Timestamp) -> Self {
        Self(
            id: .make(at: now), userType: .client, isAdmin: true, plan: plan, displayName: "Admin",
            email: email, version: 1, createdAt: now)
    }

    /// The account after `body` with its next version, or the same account when nothing changes.
    func changed(_ body: (inout Account) throws -> Void) rethrows -> Account {
        var changed = self
        try body(&changed)
        if changed != self { changed.version += 1 }
        return changed
    }

    /// Takes over the address that the owner shows at GitHub, unless the owner has proven one here.
    mutating func follow(_ emailAtGitHub: String?) {
        guard let emailAtGitHub, !isAdmin else { return }
        let isProven = email.map { $0.lowercased() == verifiedEmail } ?? false
        if !isProven { email = emailAtGitHub }
    }

    /// Whether something is different that other services copy.
    func isKnownOtherwise(than former: Account) -> Bool {
        gitHub?.username != former.gitHub?.username || gitHub?.id != former.gitHub?.id || email != former.email
            || verifiedEmail != former.verifiedEmail || googleSubject != former.googleSubject
    }

    /// - Throws: ``AccountError/blocked``
    func checkMaySignIn() throws(AccountError) {
        guard status == .active else { throw .blocked }
    }

    /// - Throws: ``AccountError/notEligibleAsFreelancer(_:)``
    func checkMayBecome(_ type: UserType, at now: Timestamp) throws(AccountError) {
        guard type == .freelancer, userType != .freelancer else { return }
        guard let standing = gitHub?.standing else {
            throw .notEligibleAsFreelancer("Freelancers must sign in with GitHub.")
        }
        if let reason = standing.whyNotFreelancer(at: now) { throw .notEligibleAsFreelancer(reason) }
    }
}

/// What an account knows about its owner at GitHub.
struct GitHubIdentity: Sendable, Equatable {
    /// GitHub's numeric id, because a username can be given up and taken by somebody else.
    let id: Int64
    let username: String
    let standing: GitHubStanding
}

/// What makes a GitHub user eligible as a freelancer: an account older than six months with public work.
struct GitHubStanding: Sendable, Equatable {
    /// Six months of any length.
    static let minimumAge = Duration.days(183)

    let createdAt: Timestamp
    /// Public repositories or gists.
    let hasPublicWork: Bool

    /// - Returns: `nil` when eligible, otherwise the reason, in words for the person.
    func whyNotFreelancer(at now: Timestamp) -> String? {
        if createdAt + Self.minimumAge > now {
            return "Freelancers need a GitHub account that is older than six months."
        }
        return hasPublicWork ? nil : "Freelancers need public repositories or contributions on GitHub."
    }
}
