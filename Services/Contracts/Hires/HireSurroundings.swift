import Logging
import SharedModels

/// The people and the jobs around some hires, as far as other services could tell. Who or what is missing is shown by what
/// the hire itself knows.
struct HireSurroundings: Sendable {
    /// An answer without names is better than one that comes late.
    static let deadline = Duration.seconds(3)

    private(set) var people: [AccountID: Person] = [:]
    private(set) var jobs: [GigID: JobFacts] = [:]

    func job(of hire: Hire) -> HireJob {
        let facts = jobs[hire.jobID]
        return HireJob(
            _id: ObjectID(hire.jobID), title: facts?.title ?? hire.jobTitle, description: facts?.description,
            rate: facts.map { Rupees(paise: $0.rate) }, experienceLevel: facts?.experienceLevel,
            location: facts?.location, status: facts?.status)
    }

    func party(_ id: AccountID) -> HireParty {
        let person = people[id]
        return HireParty(
            _id: ObjectID(id), name: person?.name ?? "", email: person?.email, profilePic: person?.picture ?? "")
    }

    func publicParty(_ id: AccountID) -> PublicHireParty {
        let person = people[id]
        return PublicHireParty(_id: ObjectID(id), name: person?.name ?? "", profilePic: person?.picture ?? "")
    }
}

/// Asks who and what is around hires.
struct HireObserver: Sendable {
    /// What the other services take at once.
    private static let batch = 100

    let peers: any HirePeers
    let logger: Logger

    /// - Parameters:
    ///   - jobs: Asked of jobs; empty when the answer shows none.
    ///   - people: Asked of talent.
    func surroundings(jobs: [GigID] = [], people: [AccountID]) async -> HireSurroundings {
        async let facts = asked("jobs", jobs, peers.jobs)
        async let persons = asked("talent", people, peers.people)
        return await HireSurroundings(
            people: Dictionary(persons.map { ($0.userID, $0) }, uniquingKeysWith: { $1 }),
            jobs: Dictionary(facts.map { ($0.jobID, $0) }, uniquingKeysWith: { $1 }))
    }

    /// Empty as far as the service cannot answer.
    private func asked<ID: Hashable & Sendable, Facts: Sendable>(
        _ service: String, _ ids: [ID], _ ask: @Sendable ([ID]) async throws -> [Facts]
    ) async -> [Facts] {
        let ids = Array(Set(ids))
        var known: [Facts] = []
        do {
            for start in stride(from: 0, to: ids.count, by: Self.batch) {
                known += try await ask(Array(ids[start..<min(start + Self.batch, ids.count)]))
            }
        } catch {
            logger.warning(
                "contracts are shown without what another service knows",
                metadata: ["service": "\(service)", "reason": "\(error)"])
        }
        return known
    }
}
