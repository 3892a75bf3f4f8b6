import SharedModels

/// A profile with all that SkillSync shows of it.
struct ShownTalentProfile: Sendable {
    let person: KnownPerson
    let features: TalentFeatures
    let details: WorkDetails

    var profile: Profile { person.profile }

    /// As the owner writes it; otherwise what Skillhouse knows.
    var location: String? {
        if let location = features.location { return location }
        let places = [details.city, details.state, details.country].filter { !$0.isEmpty }
        return places.isEmpty ? nil : places.joined(separator: ", ")
    }

    func view(_ links: ProfileLinks, at now: Timestamp) -> TalentProfile {
        let picture = links.picture(of: profile, at: now)
        return TalentProfile(
            id: profile.userID, name: profile.displayName, title: profile.title, bio: profile.bio,
            location: location, avatar: picture.isEmpty ? nil : picture, remoteWork: features.remoteWork,
            experienceYears: features.experienceYears,
            skills: profile.skills.map { TalentSkill(name: $0.name, level: $0.level, years: $0.years) },
            preferences: features.preferences, company: features.company,
            socialLinks: SocialLinks(
                github: profile.githubURL ?? profile.githubUsername.map(links.gitHub),
                linkedin: profile.linkedInURL, portfolio: profile.portfolioWebsiteURL),
            verification: verification, createdAt: profile.createdAt, updatedAt: profile.updatedAt)
    }

    /// An account's mail address was confirmed by a code or by a provider; its name at GitHub comes from signing in
    /// there. Nothing here asks for a telephone, or signs in at LinkedIn.
    private var verification: Verification {
        Verification(
            email: person.account.email != nil, phone: false, github: profile.githubUsername != nil, linkedin: false)
    }
}
