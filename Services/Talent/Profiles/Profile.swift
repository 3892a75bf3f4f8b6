import SharedModels

/// How an account presents itself to others.
struct Profile: Sendable, Equatable {
    let userID: AccountID
    var displayName: String
    var bio: String?
    var skills: [String]
    /// 0 to 100: how reliable the account is in deals.
    let ghostScore: Int
    /// A resume at another site; `nil` when it is stored here.
    var resumeURL: String?
    /// A resume that is stored here.
    var resumeFile: FileID?
    var portfolioWebsiteURL: String?
    let githubUsername: String?
    /// `nil` until auth was asked.
    let account: KnownAccount?
    var version: Int64
    let createdAt: Timestamp
    var updatedAt: Timestamp

    /// The profile after its owner's change, or the same profile when nothing changes.
    ///
    /// - Parameter isSwitched: Whether the account's type changes at the same time. Auth stores the type, and the
    ///   profile shows it.
    /// - Throws: ``ProfileError/nameRequired`` when the name is cleared.
    func applying(
        _ update: ProfileUpdate, switchingType isSwitched: Bool = false, at now: Timestamp
    ) throws(ProfileError) -> Profile {
        var changed = self
        guard let name = update.displayName.applied(to: displayName) else { throw .nameRequired }
        changed.displayName = name
        changed.bio = update.bio.applied(to: bio)
        changed.skills = update.skills.applied(to: skills) ?? []
        changed.portfolioWebsiteURL = update.portfolioWebsiteURL.applied(to: portfolioWebsiteURL)
        changed.resumeURL = update.resumeURL.applied(to: resumeURL)
        if update.resumeURL != .keep { changed.resumeFile = nil }
        guard isSwitched || !changed.hasContent(of: self) else { return self }
        changed.version += 1
        changed.updatedAt = now
        return changed
    }

    /// Compared as UTF-8, because Swift treats two spellings of one character as equal.
    private func hasContent(of other: Profile) -> Bool {
        func texts(_ profile: Profile) -> [[UInt8]?] {
            let texts = [profile.displayName, profile.bio, profile.resumeURL, profile.portfolioWebsiteURL]
            return (texts + profile.skills).map { $0.map { Array($0.utf8) } }
        }
        return resumeFile == other.resumeFile && texts(self) == texts(other)
    }

    /// Replaces any resume with a stored one, or removes it with `nil`.
    func showing(_ file: FileID?, at now: Timestamp) -> Profile {
        guard resumeFile != file || resumeURL != nil else { return self }
        var changed = self
        changed.resumeURL = nil
        changed.resumeFile = file
        changed.version += 1
        changed.updatedAt = now
        return changed
    }

    /// `update` without a resume that is the one stored here, because callers send back what they have read.
    func leavingResume(in update: ProfileUpdate, _ links: ProfileLinks) -> ProfileUpdate {
        guard let resumeFile, update.resumeURL == .set(links.resume(resumeFile, of: userID)) else {
            return update
        }
        var update = update
        update.resumeURL = .keep
        return update
    }
}

/// What auth said of an account.
struct KnownAccount: Sendable, Equatable {
    let userType: UserType
    let email: String?
}

extension Profile {
    /// The profile of an account seen for the first time.
    init(_ facts: AccountFacts, at now: Timestamp) {
        self.init(
            userID: facts.userID, displayName: PersonName.cleaned(facts.displayName) ?? "Somebody", bio: nil,
            skills: [],
            ghostScore: 50,
            resumeURL: nil, resumeFile: nil, portfolioWebsiteURL: nil, githubUsername: facts.githubUsername,
            account: KnownAccount(userType: facts.userType, email: facts.email), version: 1, createdAt: now,
            updatedAt: now)
    }
}
