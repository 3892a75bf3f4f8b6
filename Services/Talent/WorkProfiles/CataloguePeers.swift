import ServiceKit
import SharedModels

/// What this service asks of the catalogue of jobs. It may be asked again. Never ask inside a transaction.
///
/// All throw `PeerRefusal` when jobs refuses, and `OutboundError` when it cannot be reached.
protocol CataloguePeers: Sendable {
    /// The skills with these ids or these names, at most 100 of each. Those that do not exist are left out.
    func skills(_ ids: [SkillID], named names: [String]) async throws -> [KnownSkill]
    /// - Returns: `nil` when there is no such category.
    func category(_ sought: CategoryReference) async throws -> KnownCategory?
}

extension LiveTalentPeers: CataloguePeers {
    func skills(_ ids: [SkillID], named names: [String]) async throws -> [KnownSkill] {
        try await peers.call(
            Endpoints.catalogueInternal.skills, SkillQuery(skillIDs: ids, names: names)
        ).skills
    }

    func category(_ sought: CategoryReference) async throws -> KnownCategory? {
        let query = sought.id.map { CategoryQuery(categoryIDs: [$0]) } ?? CategoryQuery(names: [sought.text])
        return try await peers.call(Endpoints.catalogueInternal.categories, query).categories.first
    }
}

/// The skills and the category of a profile, as jobs calls them now.
struct CatalogueNames: Sendable {
    private let byID: [SkillID: KnownSkill]
    private let byName: [SkillName: KnownSkill]
    let category: KnownCategory?

    init(skills: [KnownSkill] = [], category: KnownCategory? = nil) {
        byID = Dictionary(skills.map { ($0.id, $0) }) { first, _ in first }
        byName = Dictionary(skills.map { (SkillName($0.name), $0) }) { first, _ in first }
        self.category = category
    }

    func known(_ skill: ProfileSkill) -> KnownSkill? {
        skill.skillID.flatMap { byID[$0] } ?? byName[SkillName(skill.name)]
    }
}
