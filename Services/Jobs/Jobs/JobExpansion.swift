import Logging
import Postgres
import ServiceKit
import SharedModels

/// Puts names in place of the ids in jobs and applications.
struct JobExpansion: Sendable {
    let database: Database
    let peers: any JobsPeers
    let logger: Logger
    let categories = ListedNameStore<CategoryKind>()
    let skills = ListedNameStore<SkillKind>()

    /// The jobs in their order. When talent cannot be asked, people have ids without names.
    ///
    /// Never call inside a transaction.
    func views(of jobs: [Job]) async throws -> [JobView] {
        guard !jobs.isEmpty else { return [] }
        let categories = try await categories.find(jobs.map(\.categoryID).withoutRepeats, in: database)
        let categoryOf = Dictionary(uniqueKeysWithValues: categories.map { ($0.id, $0.view) })
        let skills = try await skills.find(jobs.flatMap(\.skillIDs).withoutRepeats, in: database)
        let skillOf = Dictionary(uniqueKeysWithValues: skills.map { ($0.id, JobSkill(id: $0.id, name: $0.name)) })
        let people = await people(jobs.flatMap { [$0.clientID, $0.hiredFreelancerID].compactMap(\.self) })
        return jobs.compactMap { job in
            // A foreign key keeps the category of every job.
            guard let category = categoryOf[job.categoryID] else { return nil }
            return JobView(
                job.document, client: people.person(job.clientID), category: category,
                skills: job.skillIDs.compactMap { skillOf[$0] },
                hiredFreelancer: job.hiredFreelancerID.map { people.person($0) })
        }
    }

    /// The freelancers with their profiles, in which skills and categories are called as they are now. When talent cannot
    /// be asked, they have ids alone.
    ///
    /// Never call inside a transaction.
    func freelancers(_ ids: [AccountID]) async throws -> [AccountID: JobFreelancer] {
        let profiles = await lookup.find(ids, by: \.userID.id) { try await peers.freelancers($0) }
        let written = profiles.values.flatMap(\.skills)
        let skills = try await skills.find(
            written.compactMap { $0._id?.id }.withoutRepeats,
            normal: written.filter { $0._id == nil }.map { SkillName($0.name).normal }.withoutRepeats, in: database)
        let skillOf = Dictionary(uniqueKeysWithValues: skills.map { ($0.id, $0) })
        let skillNamed = Dictionary(uniqueKeysWithValues: skills.map { ($0.normal, $0) })
        let categories = try await categories.find(
            profiles.values.compactMap { $0.jobCategory?._id.id }.withoutRepeats, in: database)
        let categoryOf = Dictionary(uniqueKeysWithValues: categories.map { ($0.id, $0) })
        return Dictionary(
            uniqueKeysWithValues: ids.withoutRepeats.map { id in
                let profile = profiles[id]
                let shown = (profile?.skills ?? []).map { skill in
                    let known = skill._id.flatMap { skillOf[$0.id] } ?? skillNamed[SkillName(skill.name).normal]
                    return FreelancerSkill(id: known?.id ?? skill._id?.id, name: known?.name ?? skill.name)
                }
                let category = profile?.jobCategory.map { category in
                    FreelancerCategory(
                        id: category._id.id, name: categoryOf[category._id.id]?.name ?? category.name)
                }
                return (id, JobFreelancer(id: id, profile, skills: shown, category: category))
            })
    }

    private var lookup: Lookup { Lookup(at: .talent, logger: logger) }

    private func people(_ ids: [AccountID]) async -> [AccountID: Person] {
        await lookup.find(ids, by: \.userID) { try await peers.people($0) }
    }
}

extension [AccountID: Person] {
    fileprivate func person(_ id: AccountID) -> JobPerson {
        JobPerson(id: id, name: self[id]?.name ?? "", profilePic: self[id]?.picture ?? "")
    }
}
