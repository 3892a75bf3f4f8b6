import Postgres
import ServiceKit
import SharedModels

/// Brings in the profiles of another Skillhouse, and what its clients posted and paid. Nobody hears of it, and nobody is
/// matched because of it until something changes or somebody asks.
struct ProfileImportWorkflow: Sendable {
    let database: Database
    let profiles: ProfileStore
    let details: WorkDetailsStore
    let clients: ClientRecordStore
    let finder: ProfileFinder
    let matching: FeatureWorkflow

    /// A profile that its owner has changed here, or that was imported before, stays as it is.
    func bring(_ imported: [ImportedProfile], at now: Timestamp) async throws -> [ImportOutcome] {
        _ = try await finder.find(imported.map(\.userID), at: now)
        return try await database.transaction { tx in
            let newest = try await matching.features.newest(in: tx)
            var outcomes: [ImportOutcome] = []
            for profile in imported { outcomes.append(try await bring(profile, in: tx)) }
            try await matching.features.quieten(imported.map(\.userID), after: newest, in: tx)
            return outcomes
        }
    }

    /// What would become of profiles whose accounts come with them. Nothing stays of it.
    func rehearse(_ imported: [ImportedProfile]) async throws -> [ImportOutcome] {
        try await database.bring(imported, isRehearsal: true) { profile, tx in
            try await details.find(profile.userID, in: tx) == nil ? .imported : .present
        }
    }

    private func bring(_ imported: ImportedProfile, in tx: Transaction) async throws -> ImportOutcome {
        let id = imported.userID
        guard let profile = try await profiles.lock(id, in: tx) else {
            return .refused("userId", "is no account here")
        }
        guard profile.version == 1, try await details.find(id, in: tx) == nil else { return .present }
        let type = profile.account?.userType ?? .freelancer
        try await profiles.save(profile.following(imported), in: tx)
        try await profiles.date(id, at: imported.createdAt, in: tx)
        try await details.save(WorkDetails(imported, as: type), in: tx)
        return .imported
    }

    func bring(_ jobs: [ImportedRecord], at now: Timestamp) async throws -> [ImportOutcome] {
        try await database.transaction { tx in
            let newest = try await matching.features.newest(in: tx)
            for job in jobs {
                let aggregate = EventAggregate(job.jobID.uuid)
                try await clients.insertIfAbsent(job: aggregate, of: job.clientID, in: tx)
                for contract in job.contracts {
                    try await clients.save(
                        contract: EventAggregate(contract.contractID.uuid), of: job.clientID,
                        amount: .inr(paise: contract.paise),
                        isSpent: contract.isSpent, sequence: 1, in: tx)
                }
                try await matching.follow(
                    job.jobID, of: job.clientID, job.title, [job.description], isOpen: job.isOpen, sequence: 1,
                    at: now, in: tx)
            }
            try await matching.features.quieten(jobs.map(\.clientID), after: newest, in: tx)
            return jobs.map { _ in .imported }
        }
    }
}

extension Profile {
    /// The profile as it was elsewhere.
    fileprivate func following(_ imported: ImportedProfile) -> Profile {
        var profile = self
        if let name = imported.name { profile.displayName = name }
        profile.title = imported.title
        profile.bio = imported.bio
        profile.picture = imported.pictureURL.map { .link($0) }
        profile.skills = imported.skills.map { ProfileSkill(name: $0.name, skillID: $0.id) }
        profile.githubURL = imported.githubURL
        profile.linkedInURL = imported.linkedInURL
        profile.portfolioWebsiteURL = imported.websiteURL
        profile.updatedAt = imported.updatedAt
        return profile
    }
}

extension WorkDetails {
    fileprivate init(_ imported: ImportedProfile, as type: UserType) {
        self.init(of: imported.userID)
        (city, state, country, zip) = (imported.city, imported.state, imported.country, imported.zip)
        languages = imported.languages
        experienceLevel = imported.experienceLevel
        if let id = imported.categoryID, let name = imported.categoryName {
            category = WorkCategory(id: id, name: name)
        }
        education = Education(college: imported.college, course: imported.course)
        employment = imported.employment
        portfolio = imported.portfolio.map { PortfolioItem(name: $0.name, imageURL: $0.imageURL) }
        isFreelancerCompleted = type == .freelancer && imported.isCompleted
        isClientCompleted = type == .client && imported.isCompleted
    }
}
