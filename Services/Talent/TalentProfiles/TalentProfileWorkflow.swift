import Postgres
import ServiceKit
import SharedModels

/// Profiles as SkillSync shows and changes them.
struct TalentProfileWorkflow: Sendable {
    /// How long single views are kept. After that they are only counted.
    static let retention = Duration.days(60)

    let database: Database
    let clock: any DomainClock
    let features: TalentFeatureStore
    let details: WorkDetailsStore
    let views: ProfileViewStore
    let profiles: ProfileWorkflow
    let people: PeopleWorkflow

    /// Somebody's profile. Looking at another's counts as a view, once a day.
    ///
    /// - Throws: 404 for an account that does not exist.
    func profile(_ id: AccountID, for viewer: AccountID, at now: Timestamp) async throws -> ShownTalentProfile {
        let shown = try await shown([try await person(id, at: now)])[0]
        if id != viewer { try await views.note(viewer, of: id, on: now.day, in: database) }
        return shown
    }

    /// - Throws: 403 for somebody else's profile, 422 for what does not fit together, 412 through `check`.
    func update(
        _ input: TalentProfileInput, of id: AccountID, by caller: Principal, at now: Timestamp,
        expecting check: @escaping VersionCheck
    ) async throws -> ShownTalentProfile {
        guard id == caller.accountID else { throw TalentProfileError.notOwn }
        _ = try await person(id, at: now)
        let profile = try await profiles.change(
            id, at: now, expecting: check,
            telling: { profile, tx in
                let known = try await features.find(id, in: tx) ?? TalentFeatures(of: id)
                var (changed, features) = (profile, known)
                try changed.apply(input)
                try features.apply(input)
                let fields = features.differences(from: known)
                if !fields.isEmpty { try await self.features.save(features, in: tx) }
                return (profile.changed(always: !fields.isEmpty, at: now) { $0 = changed }, fields)
            })
        guard let person = KnownPerson(profile) else { throw ProfileError.notFound(id) }
        return try await shown([person])[0]
    }

    /// A page of the profiles that fit, the newest first, and how many there are, counted up to
    /// ``ProfileStore/longestCount``.
    func page(
        _ filter: ProfileFilter, _ page: Int, of limit: Int
    ) async throws -> (profiles: [ShownTalentProfile], total: Int) {
        let (total, found) = try await database.transaction { tx in
            try await profiles.profiles.prepare(in: tx)
            return (
                try await profiles.profiles.count(filter, in: tx),
                try await profiles.profiles.page(filter, page, of: limit, in: tx)
            )
        }
        return (try await shown(found.compactMap(KnownPerson.init)), total)
    }

    func register(on scheduler: Scheduler) {
        scheduler.every(.days(1), "talent.views.prune") {
            try await views.prune(before: (clock.now - Self.retention).day, in: database)
        }
    }

    private func person(_ id: AccountID, at now: Timestamp) async throws -> KnownPerson {
        guard let person = try await people.people([id], at: now).first else { throw ProfileError.notFound(id) }
        return person
    }

    private func shown(_ people: [KnownPerson]) async throws -> [ShownTalentProfile] {
        let ids = people.map(\.profile.userID)
        let features = Dictionary(
            try await features.find(ids, in: database).map { ($0.userID, $0) }
        ) { first, _ in first }
        let details = Dictionary(try await details.find(ids, in: database).map { ($0.userID, $0) }) { first, _ in first
        }
        return people.map { person in
            let id = person.profile.userID
            return ShownTalentProfile(
                person: person, features: features[id] ?? TalentFeatures(of: id),
                details: details[id] ?? WorkDetails(of: id))
        }
    }
}

/// Which profiles a list shows.
struct ProfileFilter: Sendable {
    /// Any of these; all profiles when empty.
    var skills: [SkillName] = []
    /// A part of the location, or `remote`.
    var location: String?
    /// Beginnings of the words of the name.
    var name: String?
    /// Only the freelancers, or only the clients.
    var userType: UserType?
}

extension Profile {
    fileprivate mutating func apply(_ input: TalentProfileInput) throws(TalentProfileError) {
        displayName = input.name ?? displayName
        title = input.title.applied(to: title)
        bio = input.bio.applied(to: bio)
        switch input.skills {
        case .keep: break
        case .clear: skills = []
        case .set(let new): skills = try ProfileSkill.list(new, keeping: skills)
        }
        switch input.socialLinks {
        case .keep: break
        case .clear: (githubURL, linkedInURL, portfolioWebsiteURL) = (nil, nil, nil)
        case .set(let links):
            (githubURL, linkedInURL, portfolioWebsiteURL) = (links.github, links.linkedin, links.portfolio)
        }
    }
}
