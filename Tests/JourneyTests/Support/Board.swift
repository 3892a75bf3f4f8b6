import SharedModels
import Testing

/// What is on Skillhouse's board of jobs: a category, a skill.
struct Board: Sendable {
    let category: String
    let skill: String

    static func make(of deal: Deal, by admin: Caller, in stack: Stack) async throws -> Board {
        Board(
            category: try await admin.named(Endpoints.categories.add.operation),
            skill: try await admin.named(Endpoints.skills.add.operation))
    }
}

extension Caller {
    /// The id of a new category or skill. Only an admin may add one.
    func named(_ operation: SharedModels.Operation) async throws -> String {
        let name = "Quern \(UInt64.random(in: 0 ... .max))"
        let added = try await succeed(operation, [:], ["name": .string(name)])
        return try #require(added["data"]?["_id"]?.string)
    }
}
