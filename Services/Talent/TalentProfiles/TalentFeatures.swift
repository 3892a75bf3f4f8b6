import SharedModels

/// What SkillSync shows and compares of a person besides the profile.
struct TalentFeatures: Sendable, Equatable {
    let userID: AccountID
    var location: String?
    var remoteWork = false
    var experienceYears: Int?
    var preferences = TalentPreferences(roleTypes: [], companySizes: [], industries: [], salaryRange: nil)
    var company = CompanyFacts()

    init(of user: AccountID) {
        userID = user
    }

    /// The members that `other` has differently, as SkillSync calls them.
    func differences(from other: Self) -> [String] {
        [
            location == other.location ? nil : "location", remoteWork == other.remoteWork ? nil : "remote_work",
            experienceYears == other.experienceYears ? nil : "experience_years",
            preferences == other.preferences ? nil : "preferences", company == other.company ? nil : "company",
        ].compactMap(\.self)
    }

    mutating func apply(_ input: TalentProfileInput) throws(TalentProfileError) {
        location = input.location.applied(to: location)
        remoteWork = input.remoteWork ?? remoteWork
        experienceYears = input.experienceYears.applied(to: experienceYears)
        company = input.company.applied(to: company) ?? CompanyFacts()
        switch input.preferences {
        case .keep: break
        case .clear: preferences = Self(of: userID).preferences
        case .set(let new): try apply(new)
        }
    }

    private mutating func apply(_ input: TalentPreferencesInput) throws(TalentProfileError) {
        preferences.roleTypes = input.roleTypes.applied(to: preferences.roleTypes) ?? []
        preferences.companySizes = input.companySizes.applied(to: preferences.companySizes) ?? []
        preferences.industries = input.industries.applied(to: preferences.industries) ?? []
        if case .set(let range) = input.salaryRange {
            guard range.min <= range.max else { throw .salaryUpsideDown }
            guard range.currency.utf8.allSatisfy(\.isASCIIUppercase) else { throw .unknownCurrency }
        }
        preferences.salaryRange = input.salaryRange.applied(to: preferences.salaryRange)
    }
}

extension ProfileSkill {
    /// The skills of an update. What jobs calls a skill stays known.
    ///
    /// - Throws: 422 when two are the same skill.
    static func list(_ skills: [TalentSkill], keeping known: [Self]) throws(TalentProfileError) -> [Self] {
        var places: [SkillName: Int] = [:]
        var list: [Self] = []
        for (place, skill) in skills.enumerated() {
            let name = SkillName(skill.name)
            if let first = places.updateValue(place, forKey: name) { throw .sameSkill(place, as: first) }
            let id = known.first { SkillName($0.name) == name }?.skillID
            list.append(Self(name: skill.name, level: skill.level, years: skill.years, skillID: id))
        }
        return list
    }
}
