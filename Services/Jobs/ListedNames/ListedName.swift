import Postgres
import SharedModels

/// A name in the catalogue: of a category or of a skill.
struct ListedName<Kind: CatalogueKind>: Sendable, Equatable {
    let id: Identifier<Kind>
    var name: String
    var isListed = true
    let createdAt: Timestamp
    var updatedAt: Timestamp

    /// What no other of its kind may have.
    var normal: String { SkillName(name).normal }
}

/// A kind of thing that the catalogue names.
protocol CatalogueKind: IdentifierKind {
    /// What a caller reads.
    static var noun: String { get }
    static var table: SQL { get }
    /// The constraint that keeps normal forms apart.
    static var uniqueName: String { get }
}

extension CategoryKind: CatalogueKind {
    static let noun = "category"
    static let table: SQL = "categories"
    static let uniqueName = "one_category_per_name"
}

extension SkillKind: CatalogueKind {
    static let noun = "skill"
    static let table: SQL = "skills"
    static let uniqueName = "one_skill_per_name"
}
