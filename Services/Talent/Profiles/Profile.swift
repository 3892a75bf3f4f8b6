import SharedModels

/// How an account presents itself to others.
struct Profile: Sendable, Equatable {
    let userID: AccountID
    var displayName: String
    var title: String?
    var bio: String?
    var skills: [ProfileSkill]
    /// 0 to 100: how reliable the account is in deals.
    let ghostScore: Int
    /// A resume at another site; `nil` when it is stored here.
    var resumeURL: String?
    /// A resume that is stored here.
    var resumeFile: FileID?
    var portfolioWebsiteURL: String?
    let githubUsername: String?
    /// Shown instead of the profile of `githubUsername`.
    var githubURL: String?
    var linkedInURL: String?
    var picture: Picture?
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
        guard let name = update.displayName.applied(to: displayName) else { throw .nameRequired }
        return changed(always: isSwitched, at: now) { changed in
            changed.displayName = name
            changed.bio = update.bio.applied(to: bio)
            if update.skills != .keep {
                changed.skills = ProfileSkill.named(update.skills.applied(to: nil) ?? [], keeping: skills)
            }
            changed.portfolioWebsiteURL = update.portfolioWebsiteURL.applied(to: portfolioWebsiteURL)
            changed.resumeURL = update.resumeURL.applied(to: resumeURL)
            if update.resumeURL != .keep { changed.resumeFile = nil }
        }
    }

    /// The next version of the profile, or the same profile when `body` changes nothing.
    ///
    /// - Parameter isAnother: Whether it is another version anyway, because something besides the profile changed.
    func changed(always isAnother: Bool = false, at now: Timestamp, _ body: (inout Profile) -> Void) -> Profile {
        var changed = self
        body(&changed)
        guard isAnother || !changed.hasContent(of: self) else { return self }
        changed.version += 1
        changed.updatedAt = now
        return changed
    }

    /// Compared as UTF-8, because Swift treats two spellings of one character as equal.
    private func hasContent(of other: Profile) -> Bool {
        func texts(_ profile: Profile) -> [[UInt8]?] {
            let texts = [
                profile.displayName, profile.title, profile.bio, profile.resumeURL, profile.portfolioWebsiteURL,
                profile.githubURL, profile.linkedInURL, profile.picture?.link,
            ]
            return (texts + profile.skills.map(\.name)).map { $0.map { Array($0.utf8) } }
        }
        return resumeFile == other.resumeFile && picture == other.picture && skills == other.skills
            && texts(self) == texts(other)
    }

    /// The members that `other` has differently, as SkillSync calls them.
    func differences(from other: Self) -> [String] {
        let hasLinks =
            githubURL == other.githubURL && linkedInURL == other.linkedInURL
            && portfolioWebsiteURL == other.portfolioWebsiteURL
        let hasResume = resumeURL == other.resumeURL && resumeFile == other.resumeFile
        return [
            displayName == other.displayName ? nil : "name", title == other.title ? nil : "title",
            bio == other.bio ? nil : "bio", skills == other.skills ? nil : "skills",
            picture == other.picture ? nil : "avatar", hasLinks ? nil : "social_links",
            hasResume ? nil : "resume",
        ].compactMap(\.self)
    }

    /// The files that it shows.
    var storedFiles: Set<FileID> { Set([resumeFile, picture?.file].compactMap(\.self)) }

    /// Replaces any resume with a stored one, or removes it with `nil`.
    func showing(_ file: FileID?, at now: Timestamp) -> Profile {
        changed(at: now) { changed in
            changed.resumeURL = nil
            changed.resumeFile = file
        }
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

/// A skill, and what its owner says of it.
struct ProfileSkill: Sendable, Equatable, Codable {
    /// As it was first written.
    var name: String
    var level: SkillLevel?
    var years: Int?
    /// In the catalogue of jobs.
    var skillID: SkillID?

    /// The skills of these names, with what is known of them already.
    static func named(_ names: [String], keeping known: [Self]) -> [Self] {
        names.map { name in known.first { $0.name.isSpelled(name) } ?? Self(name: name) }
    }
}

enum Picture: Sendable, Equatable {
    /// Stored here.
    case file(FileID)
    /// At another site.
    case link(String)

    var file: FileID? { if case .file(let id) = self { id } else { nil } }
    var link: String? { if case .link(let url) = self { url } else { nil } }
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
            userID: facts.userID, displayName: PersonName.cleaned(facts.displayName) ?? "Somebody", title: nil,
            bio: nil, skills: [], ghostScore: 50, resumeURL: nil, resumeFile: nil, portfolioWebsiteURL: nil,
            githubUsername: facts.githubUsername, githubURL: nil, linkedInURL: nil, picture: nil,
            account: KnownAccount(userType: facts.userType, email: facts.email), version: 1, createdAt: now,
            updatedAt: now)
    }
}
