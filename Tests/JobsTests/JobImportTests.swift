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
        for isRehearsal in [true, false] {
            #expect(try await imports.bring([name("Compilers", category)], isRehearsal: isRehearsal) == [.imported])
            #expect(try await imports.bring([name("React.js", skill)], isRehearsal: isRehearsal) == [.imported])
        }
    }

    private func name<Kind>(_ name: String, _ id: Identifier<Kind> = .make(at: .start)) -> ImportedName<Kind> {
        ImportedName(id: id, name: name, isListed: true, createdAt: .start, updatedAt: .start)
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
            database: market.database, jobs: JobStore(), applications: JobApplicationStore(), hiring: market.hirings)
    }

    @Test func `another spelling of a name is the one that is there`() async throws {
        try await Market.with { (market) async throws in
            let imports = imports(market)
            try await offer(imports)
            let same: ImportedName<SkillKind> = name("ReactJS")
            #expect(try await imports.bring([same]) == [.merged(into: skill.objectID)])
            #expect(try await imports.bring([same], isRehearsal: true) == [.merged(into: skill.objectID)])
            #expect(try await imports.bring([name("Other", skill)]) == [.present])
            let bad: ImportedName<SkillKind> = name("<b>")
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
            #expect(try await imports.bring([job], isRehearsal: true) == [.imported])
            for outcome in [ImportOutcome.imported, .present] { #expect(try await imports.bring([job]) == [outcome]) }
            #expect(try await imports.bring([job], isRehearsal: true) == [.present])
            let applications = [
                application(to: job.id, by: market.worker), application(to: job.id, by: other),
                application(to: job.id, by: other),
            ]
            for isRehearsal in [true, false] {
                #expect(
                    try await imports.bring(applications, isRehearsal: isRehearsal).map(\.result)
                        == [.imported, .imported, .refused])
            }
            #expect(try await imports.bring(applications).map(\.result) == [.present, .present, .refused])
            let stored = try #require(try await JobStore().find(job.id, in: market.database))
            #expect(stored.applicants == 2 && stored.status == .ongoing && stored.rate == .inr(paise: 75_000))
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

    @Test func `a job that came before its contract could follows it when it comes again, once`() async throws {
        try await Market.with { (market) async throws in
            let imports = imports(market)
            try await offer(imports)
            var job = job(of: market)
            #expect(try await imports.bring([job]) == [.imported])
            let applied = [application(to: job.id, by: market.worker)]
            #expect(try await imports.bring(applied) == [.imported])
            job.hirings = [
                ImportedHiring(
                    contractID: .make(at: .start), freelancerID: market.worker, status: .ongoing,
                    releaseFundStatus: .notRequested, madeAt: .start)
            ]
            for _ in 0..<2 {
                #expect(try await imports.bring([job]) == [.present])
                let stored = try #require(try await JobStore().find(job.id, in: market.database))
                #expect(stored.status == .ongoing && stored.hiredFreelancerID == market.worker)
                let found = try await JobApplicationStore().find(of: market.worker, to: job.id, in: market.database)
                #expect(found?.status == .accepted)
            }
            // The client is told of a job that changes.
            let told: Int64 = try await market.database.one(
                "SELECT count(DISTINCT id) AS count FROM outbox WHERE name = \(EventName.gigUpdated.rawValue)"
            ) { try $0.decode("count") }
            #expect(told == 1)
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
