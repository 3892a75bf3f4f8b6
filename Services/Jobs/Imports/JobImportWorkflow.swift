import Postgres
import ServiceKit
import SharedModels

/// Brings in the catalogue, the jobs and the applications of another Skillhouse. Nobody hears of it.
struct JobImportWorkflow: Sendable {
    let database: Database
    let jobs: JobStore
    let applications: JobApplicationStore
    let hiring: HiringWorkflow
    let categories = ListedNameStore<CategoryKind>()

    private var hirings: HiringStore { hiring.hirings }

    /// A name that is there under another id is merged into that.
    func bring<Kind: CatalogueKind>(
        _ names: [ImportedName<Kind>], isRehearsal: Bool = false
    ) async throws -> [ImportOutcome] {
        let store = ListedNameStore<Kind>()
        return try await database.bring(names, isRehearsal: isRehearsal) { imported, tx in
            let name = ListedName(imported)
            guard CatalogueName.isAcceptable(name.name) else { return .refused("name", CatalogueName.refusal) }
            guard let present = try await store.insertKnown(name, in: tx) else { return .imported }
            return present.id == name.id ? .present : .merged(into: present.id.objectID)
        }
    }

    /// A job that is here already stays as it is, but follows those of its contracts that came neither with it nor since:
    /// they were refused then. In a rehearsal the categories, which would come before, are not there yet.
    func bring(_ imported: [ImportedJob], isRehearsal: Bool = false) async throws -> [ImportOutcome] {
        try await database.bring(imported, isRehearsal: isRehearsal) { job, tx in
            if try await jobs.find(job.id, in: tx) != nil {
                guard !isRehearsal else { return .present }
                for contract in job.hirings {
                    try await hiring.follow(Hiring(contract, of: job.id), at: hiring.clock.now, in: tx)
                }
                return .present
            }
            guard !isRehearsal else { return .imported }
            guard try await !categories.find([job.categoryID], in: tx).isEmpty else {
                return .refused("category", "is not in the catalogue here")
            }
            try await jobs.insert(Job(job), in: tx)
            for hiring in job.hirings {
                _ = try await hirings.save(Hiring(hiring, of: job.id), in: tx)
            }
            return .imported
        }
    }

    /// An application has the status that follows from its job's latest contract. In a rehearsal a job that would come
    /// before is not there yet.
    func bring(_ imported: [ImportedApplication], isRehearsal: Bool = false) async throws -> [ImportOutcome] {
        try await database.bring(imported, isRehearsal: isRehearsal) { new, tx in
            if try await applications.find(new.id, in: tx) != nil { return .present }
            if isRehearsal, try await jobs.find(new.jobID, in: tx) == nil { return .imported }
            guard try await jobs.lock(new.jobID, in: tx) != nil else { return .refused("jobId", "is no job here") }
            let hiring = try await hirings.latest(of: new.jobID, in: tx)
            let application = JobApplication(
                id: new.id, jobID: new.jobID, freelancerID: new.freelancerID, coverLetter: nil, proposedRate: nil,
                status: hiring?.status(ofApplicationOf: new.freelancerID) ?? .pending, createdAt: new.createdAt,
                updatedAt: new.updatedAt)
            guard try await applications.insertIfAbsent(application, in: tx) else {
                return .refused("jobId", "is a job that the freelancer has applied to already")
            }
            try await jobs.count(1, applicantsTo: new.jobID, in: tx)
            return .imported
        }
    }
}

extension ListedName {
    fileprivate init(_ imported: ImportedName<Kind>) {
        self.init(
            id: imported.id, name: imported.name, isListed: imported.isListed, createdAt: imported.createdAt,
            updatedAt: imported.updatedAt)
    }
}

extension Job {
    fileprivate init(_ imported: ImportedJob) {
        self.init(
            id: imported.id, clientID: imported.clientID, title: imported.title, description: imported.description,
            rate: .inr(paise: imported.rate), experienceLevel: imported.experienceLevel, location: imported.location,
            categoryID: imported.categoryID, skillIDs: imported.skillIDs.withoutRepeats, startAt: imported.startAt,
            endAt: imported.endAt, hiredFreelancerID: imported.hiredFreelancerID, status: imported.status,
            createdAt: imported.createdAt, updatedAt: imported.updatedAt)
    }
}

extension Hiring {
    fileprivate init(_ imported: ImportedHiring, of job: GigID) {
        self.init(
            contractID: imported.contractID, jobID: job, freelancerID: imported.freelancerID,
            stage: Stage(imported.status, imported.releaseFundStatus), hasStarted: imported.status.hasStarted,
            madeAt: imported.madeAt, sequence: 1)
    }
}
