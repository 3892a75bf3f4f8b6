import OutboundHTTP
import ServiceKit
import SharedModels
import TestSupport

@testable import TalentService

/// The catalogue of jobs, as far as talent asks it.
final class FakeCatalogue: CataloguePeers, Fake {
    struct State {
        var skills: [SkillID: KnownSkill] = [:]
        var categories: [CategoryID: KnownCategory] = [:]
        /// Thrown by every call.
        var outage: (any Error)?
    }

    let state = Shared(State())

    func skills(_ ids: [SkillID], named names: [String]) async throws -> [KnownSkill] {
        try state.change { state in
            if let outage = state.outage { throw outage }
            let sought = Set(names.map { SkillName($0) })
            return state.skills.values.filter { ids.contains($0.id) || sought.contains(SkillName($0.name)) }
        }
    }

    func category(_ sought: CategoryReference) async throws -> KnownCategory? {
        try state.change { state in
            if let outage = state.outage { throw outage }
            if let id = sought.id { return state.categories[id] }
            return state.categories.values.first { SkillName($0.name) == SkillName(sought.text) }
        }
    }

    /// Adds a skill, or renames one.
    @discardableResult
    func put(skill name: String, _ id: SkillID = .make(at: .start), isListed: Bool = true) -> SkillID {
        state.change { $0.skills[id] = KnownSkill(id: id, name: name, isListed: isListed) }
        return id
    }

    /// Adds a category, or renames one.
    @discardableResult
    func put(category name: String, _ id: CategoryID = .make(at: .start), isListed: Bool = true) -> CategoryID {
        state.change { $0.categories[id] = KnownCategory(id: id, name: name, isListed: isListed) }
        return id
    }
}
