import Logging
import ServiceKit
import SharedModels

/// The people and the jobs around some hires, as far as other services could tell. Who or what is missing is shown by what
/// the hire itself knows.
struct HireSurroundings: Sendable {
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
    let peers: any HirePeers
    let logger: Logger

    /// - Parameters:
    ///   - jobs: Asked of jobs; empty when the answer shows none.
    ///   - people: Asked of talent.
    func surroundings(jobs: [GigID] = [], people: [AccountID]) async -> HireSurroundings {
        async let facts = Lookup(at: .jobs, logger: logger).find(jobs, by: \.jobID) { try await peers.jobs($0) }
        async let persons = Lookup(at: .talent, logger: logger).find(people, by: \.userID) {
            try await peers.people($0)
        }
        return await HireSurroundings(people: persons, jobs: facts)
    }
}
