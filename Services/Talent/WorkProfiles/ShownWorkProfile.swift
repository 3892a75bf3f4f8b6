import SharedModels

/// A freelancer, with the names that skills and category have now.
struct ShownFreelancer: Sendable {
    let profile: Profile
    let details: WorkDetails
    let names: CatalogueNames

    func view(_ links: ProfileLinks, at now: Timestamp) -> FreelancerProfile {
        FreelancerProfile(
            id: profile.userID, firstName: profile.displayName, title: profile.title ?? "", bio: profile.bio ?? "",
            profilePic: links.picture(of: profile, at: now), skills: skills, jobCategory: category,
            city: details.city, state: details.state, country: details.country, zip: details.zip,
            language: details.languages, profileCompleted: details.isFreelancerCompleted,
            portfolio: details.portfolio, education: details.education, experienceLevel: details.experienceLevel,
            linkedAccounts: LinkedAccounts(
                github: profile.githubURL ?? profile.githubUsername.map(links.gitHub) ?? "",
                linkedIn: profile.linkedInURL ?? "", website: profile.portfolioWebsiteURL ?? ""),
            employmentHistory: details.employment, createdAt: profile.createdAt, updatedAt: profile.updatedAt)
    }

    private var skills: [FreelancerSkill] {
        profile.skills.map { skill in
            let known = names.known(skill)
            return FreelancerSkill(id: known?.id ?? skill.skillID, name: known?.name ?? skill.name)
        }
    }

    private var category: FreelancerCategory? {
        details.category.map { FreelancerCategory(id: $0.id, name: names.category?.name ?? $0.name) }
    }
}

struct ShownClient: Sendable {
    let person: KnownPerson
    let details: WorkDetails
    let record: ClientRecord

    func view(_ links: ProfileLinks, at now: Timestamp) -> ClientProfile {
        let profile = person.profile
        return ClientProfile(
            id: profile.userID, email: person.account.email, firstName: profile.displayName, city: details.city,
            state: details.state, profilePic: links.picture(of: profile, at: now), jobsPosted: record.jobsPosted,
            totalSpent: Rupees(record.spent), profileCompleted: details.isClientCompleted,
            createdAt: profile.createdAt, updatedAt: profile.updatedAt)
    }
}
