/// How near skills are to each other, in hundredths: who knows Next.js knows much of React. It is no chain: what is near to
/// something near is not near.
struct NearSkills: Sendable, Equatable {
    private var neighbours: [String: [String: Int]] = [:]

    /// - Parameter edges: Each counts in both directions. Skills in their normal form.
    init(_ edges: [(String, String, Int)] = []) {
        for (one, other, closeness) in edges {
            neighbours[one, default: [:]][other] = closeness
            neighbours[other, default: [:]][one] = closeness
        }
    }

    func closeness(of skill: String, to other: String) -> Int {
        skill == other ? 100 : neighbours[skill]?[other] ?? 0
    }

    func neighbours(of skill: String) -> [String: Int] { neighbours[skill] ?? [:] }

    /// Whether it is one of the skills that have a place here.
    func contains(_ skill: String) -> Bool { neighbours[skill] != nil }
}
