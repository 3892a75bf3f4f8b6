import Postgres
import ServiceKit
import SharedModels

/// Admins' requests about the categories or the skills, and everybody's questions.
struct ListedNameWorkflow<Kind: CatalogueKind>: Sendable {
    typealias Name = ListedName<Kind>

    let database: Database
    let names = ListedNameStore<Kind>()

    /// - Throws: 400 for a name that nobody may give, 409 when there is one of the same normal form.
    func add(_ name: String, at now: Timestamp) async throws -> Name {
        let added = Name(id: .make(at: now), name: try acceptable(name), createdAt: now, updatedAt: now)
        guard try await names.insertIfAbsent(added, in: database) else {
            throw ListedNameError.taken(added.name, noun: Kind.noun)
        }
        return added
    }

    /// - Throws: As ``add(_:at:)``, and 404.
    func rename(_ id: Identifier<Kind>, _ name: String, at now: Timestamp) async throws -> Name {
        guard let renamed = try await names.rename(id, acceptable(name), at: now, in: database) else {
            throw ListedNameError.notFound(noun: Kind.noun)
        }
        return renamed
    }

    /// Offers it for new jobs and profiles, or no longer. What has it keeps it.
    func offer(_ id: Identifier<Kind>, _ isListed: Bool, at now: Timestamp) async throws {
        guard try await names.offer(id, isListed, at: now, in: database) else {
            throw ListedNameError.notFound(noun: Kind.noun)
        }
    }

    /// A page of those whose name has the text somewhere, by name; and how many there are on all pages.
    func page(_ search: String?, _ page: PageNumber) async throws -> (names: [Name], total: Int) {
        try await names.page(search ?? "", page, in: database)
    }

    /// Those with one of the ids, or with another spelling of one of the texts. The others are left out.
    func find(_ ids: [Identifier<Kind>], named texts: [String]) async throws -> [Name] {
        try await names.find(ids, normal: texts.map { SkillName($0).normal }, in: database)
    }

    private func acceptable(_ name: String) throws(ListedNameError) -> String {
        let spaces = name.prefix { $0 == " " }.count
        let trimmed = name.dropFirst(spaces)
        let last = trimmed.lastIndex { $0 != " " }
        let text = String(last.map { trimmed[...$0] } ?? "")
        guard CatalogueName.isAcceptable(text) else { throw .unacceptable(name) }
        return text
    }
}
