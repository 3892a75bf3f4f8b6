import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import JobsService

/// The promise under test: jobs of another Skillhouse come once, with what their contracts and applications make of them.
@Suite struct JobImportTests {
    private let category = CategoryID.make(at: .start)
    private let skill = SkillID.make(at: .start)
    private let other = AccountID.make(at: .start)

    private func offer(_ imports: JobImportWorkflow) async throws {
        let names = [
            ListedName<CategoryKind>(id: category, name: "Compilers", createdAt: .start, updatedAt: .start)
        ]
        let skills = [ListedName<SkillKind>(id: skill, name: "React.js", createdAt: .start, updatedAt: .start)]
        #expect(try await imports.bring(names) == [.imported])
        #expect(try await imports.bring(skills) == [.imported])
    }

    private func job(
        of market: Market, _ status: JobStatus = .open, hirings: [ImportedHiring] = []
    ) -> ImportedJob {
        var job = ImportedJob(
            id: .make(at: .start), clientID: market.owner, title: "A parser", description: "Small", rate: 75_000,
            experienceLevel: .expert, location: "", categoryID: category, skillIDs: [skill], status: status,
            createdAt: .start, updatedAt: .start)
        job.hirings = hirings
        return job
    }

    private func application(to job: GigID, by freelancer: AccountID) -> ImportedApplication {
        ImportedApplication(
            id: .make(at: .start), jobID: job, freelancerID: freelancer, createdAt: .start, updatedAt: .start)
    }

    private func imports(_ market: Market) -> JobImportWorkflow {
        JobImportWorkflow(
            database: market.database, jobs: JobStore(), applications: JobApplicationStore(), hirings: HiringStore())
    }

    @Test func `another spelling of a name is the one that is there`() async throws {
        try await Market.with { (market) async throws in
            let imports = imports(market)
            try await offer(imports)
            let same = ListedName<SkillKind>(
                id: .make(at: .start), name: "ReactJS", createdAt: .start, updatedAt: .start)
            #expect(try await imports.bring([same]) == [.merged(into: skill.objectID)])
            let again = ListedName<SkillKind>(id: skill, name: "Other", createdAt: .start, updatedAt: .start)
            #expect(try await imports.bring([again]) == [.present])
            let bad = ListedName<SkillKind>(id: .make(at: .start), name: "<b>", createdAt: .start, updatedAt: .start)
            #expect(try await imports.bring([bad]).map(\.field) == ["name"])
        }
    }

    @Test func `a job comes once, counts its applicants, and its contract decides about them`() async throws {
        try await Market.with { (market) async throws in
            let imports = imports(market)
            try await offer(imports)
            let hiring = ImportedHiring(
                contractID: .make(at: .start), freelancerID: market.worker, status: .ongoing,
                releaseFundStatus: .notRequested, madeAt: .start)
            let job = job(of: market, .ongoing, hirings: [hiring])
            for outcome in [ImportOutcome.imported, .present] { #expect(try await imports.bring([job]) == [outcome]) }
            let applications = [
                application(to: job.id, by: market.worker), application(to: job.id, by: other),
                application(to: job.id, by: other),
            ]
            #expect(try await imports.bring(applications).map(\.result) == [.imported, .imported, .refused])
            #expect(try await imports.bring(applications).map(\.result) == [.present, .present, .refused])
            let stored = try #require(try await JobStore().find(job.id, in: market.database))
            #expect(stored.applicants == 2 && stored.status == .ongoing && stored.rate == 75_000)
            for (freelancer, status) in [(market.worker, JobApplicationStatus.accepted), (other, .rejected)] {
                let found = try await JobApplicationStore().find(of: freelancer, to: job.id, in: market.database)
                #expect(found?.status == status)
            }
            let told: Int64 = try await market.database.one("SELECT count(*) AS count FROM outbox") {
                try $0.decode("count")
            }
            #expect(told == 0)
        }
    }

    @Test func `what refers to nothing here is refused`() async throws {
        try await Market.with { (market) async throws in
            let imports = imports(market)
            #expect(try await imports.bring([job(of: market)]).map(\.field) == ["category"])
            let lost = application(to: .make(at: .start), by: market.worker)
            #expect(try await imports.bring([lost]).map(\.field) == ["jobId"])
        }
    }
}
