import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels

/// The profiles of freelancers and clients, as Skillhouse shows and changes them.
struct WorkProfileWorkflow: Sendable {
    let database: Database
    let details: WorkDetailsStore
    let clients: ClientRecordStore
    let profiles: ProfileWorkflow
    let people: PeopleWorkflow
    let catalogue: any CataloguePeers
    let pictures: PictureLinks

    /// - Throws: 404 for an account that does not exist or is no freelancer.
    func freelancer(_ id: AccountID, at now: Timestamp) async throws -> ShownFreelancer {
        let person = try await person(id, as: .freelancer, at: now)
        return try await named(person.profile, try await details.find(id, in: database) ?? WorkDetails(of: id))
    }

    /// The people behind these accounts as freelancers, whatever they are now, in any order. Accounts that do not exist are
    /// left out. Skills and categories are called as jobs called them last.
    func freelancers(_ ids: [AccountID], at now: Timestamp) async throws -> [ShownFreelancer] {
        let people = try await people.people(ids, at: now)
        let known = try await details.find(ids, in: database)
        let detailsOf = Dictionary(uniqueKeysWithValues: known.map { ($0.userID, $0) })
        return people.map { person in
            let id = person.profile.userID
            return ShownFreelancer(
                profile: person.profile, details: detailsOf[id] ?? WorkDetails(of: id), names: CatalogueNames())
        }
    }

    /// Changes the caller's profile, and makes it complete.
    ///
    /// - Throws: 403 for somebody else's id, 400 for a skill or category that is not in the catalogue, 412 through
    ///   `check`.
    func update(
        _ input: FreelancerProfileInput, of id: AccountID, by caller: Principal, at now: Timestamp,
        expecting check: @escaping VersionCheck
    ) async throws -> ShownFreelancer {
        guard id == caller.accountID else { throw WorkProfileError.notOwn }
        let known = try await person(id, as: .freelancer, at: now).profile
        let skills = try await skills(input.skills, on: known)
        let category = try await category(input.jobCategory, of: id)
        return try await named(
            try await change(id, at: now, expecting: check) { profile, details in
                try details.apply(input, category: category)
                try apply(input.firstName, input.profilePic, to: &profile)
                profile.title.replace(with: input.title)
                profile.bio.replace(with: input.bio)
                if let skills { profile.skills = skills.map { $0.keeping(profile.skills) } }
                if let links = input.linkedAccounts { try profile.apply(links) }
            })
    }

    /// - Throws: 404 for an account that does not exist or is no client.
    func client(_ id: AccountID, at now: Timestamp) async throws -> ShownClient {
        try await shown(try await person(id, as: .client, at: now))
    }

    /// Changes the caller's profile, and makes it complete.
    ///
    /// - Throws: 403 for somebody else's id, 412 through `check`.
    func update(
        _ input: ClientProfileInput, of id: AccountID, by caller: Principal, at now: Timestamp,
        expecting check: @escaping VersionCheck
    ) async throws -> ShownClient {
        guard id == caller.accountID else { throw WorkProfileError.notOwn }
        _ = try await person(id, as: .client, at: now)
        let (profile, _) = try await change(id, at: now, expecting: check) { profile, details in
            try details.apply(input)
            try apply(input.firstName, input.profilePic, to: &profile)
        }
        guard let person = KnownPerson(profile) else { throw WorkProfileError.notFound(.client) }
        return try await shown(person)
    }

    private func shown(_ person: KnownPerson) async throws -> ShownClient {
        let id = person.profile.userID
        return ShownClient(
            person: person, details: try await details.find(id, in: database) ?? WorkDetails(of: id),
            record: try await clients.find(id, in: database))
    }

    private func person(_ id: AccountID, as type: UserType, at now: Timestamp) async throws -> KnownPerson {
        let person = try await people.people([id], at: now).first
        guard let person, person.account.userType == type else { throw WorkProfileError.notFound(type) }
        return person
    }

    /// Changes profile and details under the profile's lock, as one version.
    private func change(
        _ id: AccountID, at now: Timestamp, expecting check: @escaping VersionCheck,
        _ body: (inout Profile, inout WorkDetails) throws -> Void
    ) async throws -> (Profile, WorkDetails) {
        var saved = WorkDetails(of: id)
        let profile = try await profiles.change(
            id, at: now, expecting: check,
            telling: { profile, tx in
                let known = try await details.find(id, in: tx)
                var (changed, details) = (profile, known ?? WorkDetails(of: id))
                try body(&changed, &details)
                saved = details
                let isChanged = details != known
                if isChanged { try await self.details.save(details, in: tx) }
                return (profile.changed(always: isChanged, at: now) { $0 = changed }, isChanged ? ["work_details"] : [])
            })
        return (profile, saved)
    }

    private func apply(_ name: String?, _ picture: String?, to profile: inout Profile) throws(WorkProfileError) {
        try profile.displayName.replace(with: name, "firstName", .name)
        guard let picture else { return }
        if picture.isEmpty {
            profile.picture = nil
            return
        }
        if let stored = pictures.file(in: picture) {
            guard stored == profile.picture?.file else {
                throw .unacceptable(
                    "profilePic", "must be the present picture or one elsewhere; send another with upload-image")
            }
        } else {
            guard StringFormat.uri.accepts(picture) else {
                throw .unacceptable("profilePic", "must be an http or https URL, or empty")
            }
            profile.picture = .link(picture)
        }
    }
}

extension WorkProfileWorkflow {
    /// The skills that an update names, as jobs calls them; `nil` when it names none. What is not offered any more, and
    /// what the catalogue does not have, can only be kept.
    private func skills(_ references: [SkillReference]?, on profile: Profile) async throws -> [ProfileSkill]? {
        guard let references else { return nil }
        guard !references.isEmpty else { return [] }
        let ids = references.compactMap { $0._id?.id }
        let kept = Set(profile.skills.map { SkillName($0.name) })
        let keptIDs = Set(profile.skills.compactMap(\.skillID))
        let known = try await ids.isEmpty ? [] : catalogue.skills(ids, named: [])
        let offered = known.filter {
            $0.isListed || keptIDs.contains($0.id) || kept.contains(SkillName($0.name))
        }
        let names = Dictionary(offered.map { ($0.id, $0.name) }) { first, _ in first }
        let found = references.map { reference -> ProfileSkill? in
            if let id = reference._id?.id { return names[id].map { ProfileSkill(name: $0, skillID: id) } }
            return profile.skills.first { $0.skillID == nil && $0.name.isSpelled(reference.name ?? "") }
        }
        let unknown = found.indices.filter { found[$0] == nil }
        guard unknown.isEmpty else { throw WorkProfileError.unknownSkills(unknown) }
        var seen: Set<SkillName> = []
        return found.compactMap { $0 }.filter { seen.insert(SkillName($0.name)).inserted }
    }

    /// The category that an update names; `nil` when it names none.
    private func category(_ reference: Patch<CategoryReference>, of user: AccountID) async throws -> WorkCategory? {
        guard case .set(let sought) = reference, !sought.text.isEmpty else { return nil }
        let found = try await catalogue.category(sought)
        guard let category = found else { throw WorkProfileError.unknownCategory }
        if !category.isListed {
            let kept = try await details.find(user, in: database)?.category?.id
            guard kept == category.id else { throw WorkProfileError.unknownCategory }
        }
        return WorkCategory(id: category.id, name: category.name)
    }

    private func named(_ saved: (Profile, WorkDetails)) async throws -> ShownFreelancer {
        try await named(saved.0, saved.1)
    }

    /// With the names that skills and category have now. While jobs does not answer, those that it gave last are shown.
    private func named(_ profile: Profile, _ details: WorkDetails) async throws -> ShownFreelancer {
        do {
            var (skills, category) = ([KnownSkill](), KnownCategory?.none)
            if !profile.skills.isEmpty {
                skills = try await catalogue.skills(
                    profile.skills.compactMap(\.skillID),
                    named: profile.skills.filter { $0.skillID == nil }.map(\.name))
            }
            if let id = details.category?.id { category = try await catalogue.category(CategoryReference(id)) }
            return ShownFreelancer(
                profile: profile, details: details, names: CatalogueNames(skills: skills, category: category))
        } catch is OutboundError {
            return ShownFreelancer(profile: profile, details: details, names: CatalogueNames())
        }
    }
}

extension ProfileSkill {
    /// The same skill with what is known of it under its id or its name.
    fileprivate func keeping(_ known: [Self]) -> Self {
        var skill = self
        let same =
            known.first { skillID != nil && $0.skillID == skillID }
            ?? known.first { SkillName($0.name) == SkillName(name) }
        (skill.level, skill.years) = (same?.level, same?.years)
        return skill
    }
}

extension Profile {
    /// `website` is the portfolio that every surface shows.
    fileprivate mutating func apply(_ links: LinkedAccountsInput) throws(WorkProfileError) {
        for (member, text) in [("github", links.github), ("linkedIn", links.linkedIn), ("website", links.website)] {
            guard let text, !text.isEmpty, text.asLink == nil else { continue }
            throw .unacceptable("linkedAccounts.\(member)", "must be an http or https URL, or empty")
        }
        githubURL.replace(with: links.github.map { $0.asLink ?? $0 })
        linkedInURL.replace(with: links.linkedIn.map { $0.asLink ?? $0 })
        portfolioWebsiteURL.replace(with: links.website.map { $0.asLink ?? $0 })
    }
}

extension String? {
    /// An empty text clears, `nil` changes nothing.
    fileprivate mutating func replace(with new: String?) {
        guard let new else { return }
        self = new.isEmpty ? nil : new
    }
}
