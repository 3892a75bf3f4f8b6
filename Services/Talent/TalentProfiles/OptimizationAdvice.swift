import SharedModels

/// What would make a profile better: what is missing, and what is weak. Each follows from this profile.
struct OptimizationAdvice {
    /// A shorter text says little.
    static let shortBio = 100
    static let fewSkills = 3

    let shown: ShownTalentProfile
    private var profile: Profile { shown.profile }

    var suggestions: [OptimizationSuggestion] {
        let own = shown.person.account.userType == .freelancer ? talent : company
        return (general + own).map { OptimizationSuggestion(field: $0.field, suggestion: $0.text) }
    }

    private typealias Advice = (field: String, text: String)

    private var general: [Advice] {
        var advice: [Advice] = []
        let length = profile.bio?.unicodeScalars.count ?? 0
        if length == 0 {
            advice.append(("bio", "Write a bio of at least \(Self.shortBio) characters."))
        } else if length < Self.shortBio {
            advice.append(
                ("bio", "Your bio has \(length.counted("character")); at least \(Self.shortBio) tell more about you."))
        }
        if profile.picture == nil { advice.append(("avatar", "Add a photo.")) }
        if shown.location == nil {
            let isRemote = shown.features.remoteWork
            advice.append(
                (
                    "location",
                    isRemote
                        ? "Add your location; some want your time zone."
                        : "Add your location, or that you work remotely."
                ))
        }
        return advice
    }

    private var talent: [Advice] {
        var advice: [Advice] = []
        if profile.title == nil { advice.append(("title", "Add a title, such as the role that you look for.")) }
        advice += skills
        if shown.features.experienceYears == nil {
            advice.append(
                ("experience_years", "Say how many years of experience you have; it is a part of every match."))
        }
        let wishes = shown.features.preferences
        if wishes.roleTypes.isEmpty { advice.append(("preferences.role_types", "Say which kinds of roles you want.")) }
        if wishes.industries.isEmpty {
            advice.append(("preferences.industries", "Say which industries you want to work in."))
        }
        if wishes.salaryRange == nil { advice.append(("preferences.salary_range", "Say what you want to earn.")) }
        let hasWork = profile.githubUsername ?? profile.githubURL ?? profile.portfolioWebsiteURL != nil
        if !hasWork { advice.append(("social_links", "Link your work: GitHub, or a portfolio.")) }
        return advice
    }

    private var skills: [Advice] {
        let skills = profile.skills
        if skills.isEmpty { return [("skills", "Add your skills, each with its level and years.")] }
        var advice: [Advice] = []
        if skills.count < Self.fewSkills {
            advice.append(
                ("skills", "You have \(skills.count.counted("skill")); \(Self.fewSkills) or more give better matches."))
        }
        let vague = skills.filter { $0.level == nil }.map(\.name)
        if !vague.isEmpty {
            advice.append(("skills", "Say how well you know \(vague.prefix(5).joined(separator: ", "))."))
        }
        return advice
    }

    private var company: [Advice] {
        let facts = shown.features.company
        return [
            facts.type == nil ? ("company.type", "Say what kind of company you are, such as a startup.") : nil,
            facts.size == nil ? ("company.size", "Say how many people you are, such as 11-50.") : nil,
            facts.industry == nil ? ("company.industry", "Say which industry you are in.") : nil,
        ].compactMap(\.self)
    }
}
