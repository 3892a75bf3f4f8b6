import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import JobsService
@testable import SharedModels

/// The promise under test: one application per freelancer and job, to open jobs of others, counted and announced to both
/// sides, and withdrawn while nobody has decided.
@Suite struct JobApplicationTests {
    @Test func `an application is pending, counted, and told to both sides in the words of gigs`() async throws {
        try await Market.with { market in
            let job = try await market.postJob(Offered.add(to: market))
            try await market.forgetAnnouncements()
            let application = try await market.jobApplications.apply(
                to: job.id, JobApplicationInput(coverLetter: "I can do it", proposedRate: Rupees(paise: 40_050)),
                by: market.worker, at: market.clock.now)
            #expect(application.status == .pending && application.proposedRate == .inr(paise: 40_050))
            // Applicants are no change of the job.
            var counted = job
            counted.applicants = 1
            #expect(try await market.jobs.get(job.id) == counted)
            let told = try await market.announced()
            #expect(told.map(\.name) == ["gig.application.created"])
            #expect(told.first?.recipients == [market.owner, market.worker] && told.first?.sequence == 1)
            let data = try #require(told.first?.data)
            #expect(ApplicationCreated.schema.issues(in: data) == [])
            #expect(
                data["status"] == "applied" && data["message"] == "I can do it" && data["flow"] == "escrow_checkout")
            #expect(data["gig_title"] == "Compiler work")

            let shown = try JSONValue(encoding: application.document, in: .camelCase)
            #expect(shown["status"] == "Pending" && shown["isApplied"] == true)
            #expect(shown["proposedRate"] == .decimal("400.5") && shown["jobId"]?.string == job.id.objectID)
        }
    }

    @Test func `twenty attempts at the same time are one application, and twenty freelancers are twenty`() async throws
    {
        try await Market.with { market in
            let job = try await market.postJob(Offered.add(to: market))
            let applied = await attempts(20) { _ in try await market.applyToJob(job.id) }
            #expect(applied.successes.count == 1)
            #expect(applied.failures.allSatisfy { $0 as? JobApplicationError == .alreadyApplied(job.id) })
            let others = await attempts(20) { _ in try await market.applyToJob(job.id, by: .make(at: .start)) }
            #expect(others.failures.isEmpty)
            #expect(try await market.jobs.get(job.id).applicants == 21)
        }
    }

    @Test func `nobody applies to a missing job, a gig, an own job or one that is not open`() async throws {
        try await Market.with { market in
            let job = try await market.postJob(Offered.add(to: market))
            let gig = try await market.post()
            for id in [GigID.make(at: .start), gig.id] {
                await #expect(throws: JobError.notFound(id)) { try await market.applyToJob(id) }
            }
            await #expect(throws: JobApplicationError.ownJob(job.id)) {
                try await market.applyToJob(job.id, by: market.owner)
            }
            for status in [JobStatus.ongoing, .closed] {
                try await market.change(job.id, JobUpdate(status: status))
                let error = await #expect(throws: JobError.notOpen(job.id)) { try await market.applyToJob(job.id) }
                #expect(error?.code.status == 400)
            }
            #expect(try await market.jobs.get(job.id).applicants == 0)
        }
    }

    @Test func `a withdrawn application is gone, told, no longer counted, and can be made again`() async throws {
        try await Market.with { market in
            let job = try await market.postJob(Offered.add(to: market))
            let application = try await market.applyToJob(job.id)
            try await market.forgetAnnouncements()
            try await market.jobApplications.withdraw(application.id, by: market.worker, at: market.clock.now)
            #expect(try await market.jobs.get(job.id) == job)
            let told = try await market.announced()
            #expect(told.map(\.name) == ["gig.application.updated"] && told.first?.sequence == 2)
            #expect(told.first?.data["withdrawn"] == true && told.first?.data["next_actions"] == [])
            #expect(ApplicationUpdated.schema.issues(in: try #require(told.first?.data)) == [])
            await #expect(throws: JobApplicationError.notFound(application.id)) {
                try await market.jobApplications.withdraw(application.id, by: market.worker, at: market.clock.now)
            }
            try await market.applyToJob(job.id)
        }
    }

    @Test func `an application is withdrawn once, however often it is tried`() async throws {
        try await Market.with { market in
            let job = try await market.postJob(Offered.add(to: market))
            let application = try await market.applyToJob(job.id)
            let tried = await attempts(10) { _ in
                try await market.jobApplications.withdraw(application.id, by: market.worker, at: market.clock.now)
            }
            #expect(tried.successes.count == 1)
            #expect(try await market.jobs.get(job.id).applicants == 0)
        }
    }

    @Test func `somebody else's application does not exist, nor one to a gig`() async throws {
        try await Market.with { market in
            let job = try await market.postJob(Offered.add(to: market))
            let application = try await market.applyToJob(job.id)
            let toGig = try await market.application(.applied)
            for (id, caller) in [
                (application.id, market.stranger), (application.id, market.owner), (toGig.id, market.worker),
            ] {
                await #expect(throws: JobApplicationError.notFound(id)) {
                    try await market.jobApplications.withdraw(id, by: caller, at: market.clock.now)
                }
            }
        }
    }

    @Test func `who is hired, or about to be, does not withdraw`() async throws {
        try await Market.with { market in
            let job = try await market.postJob(Offered.add(to: market))
            let application = try await market.applyToJob(job.id)
            func withdraw() async throws {
                try await market.jobApplications.withdraw(application.id, by: market.worker, at: market.clock.now)
            }
            let contract = ToldContract(job: job.id, client: market.owner, freelancer: market.worker)
            try await market.hire(job.id, for: contract.id)
            await #expect(throws: JobApplicationError.inUse(application.id)) { try await withdraw() }
            try await market.tell(contract)
            await #expect(throws: JobApplicationError.decided(.accepted)) { try await withdraw() }
            try await market.tell(contract.then(.canceled))
            try await withdraw()
        }
    }

    @Test func `a freelancer sees its own applications with their jobs, the newest first, page by page`() async throws {
        try await Market.with { market in
            let offered = try await Offered.add(to: market)
            for number in 0..<3 {
                let job = try await market.postJob(offered, title: "Job \(number)")
                try await market.applyToJob(job.id)
                try await market.applyToJob(job.id, by: market.stranger)
            }
            _ = try await market.application(.applied)
            let first = try await market.jobApplications.page(of: market.worker, PageNumber(number: 1, limit: 2))
            #expect(first.items.map(\.job.title) == ["Job 2", "Job 1"])
            #expect(first.items.allSatisfy { $0.application.freelancerID == market.worker })
            #expect(first.total == 3 && first.pages == 2 && first.number == 1)
            let last = try await market.jobApplications.page(of: market.worker, PageNumber(number: 2, limit: 2))
            #expect(last.items.map(\.job.title) == ["Job 0"])
            let beyond = try await market.jobApplications.page(
                of: market.worker, PageNumber(number: 1_000_000, limit: 100))
            #expect(beyond.items.isEmpty && beyond.total == 3)
        }
    }

    @Test func `only a job's client sees who applied`() async throws {
        try await Market.with { market in
            let job = try await market.postJob(Offered.add(to: market))
            for freelancer in [market.worker, market.stranger] {
                market.clock.advance(by: .seconds(1))
                try await market.applyToJob(job.id, by: freelancer)
            }
            let place = PageNumber(number: 1, limit: 100)
            let seen = try await market.jobApplications.page(to: job.id, by: market.owner, place)
            #expect(seen.applications.items.map(\.freelancerID) == [market.stranger, market.worker])
            #expect(seen.applications.total == 2 && seen.job.id == job.id)
            await #expect(throws: JobError.notTheOwner(market.worker, of: job.id)) {
                try await market.jobApplications.page(to: job.id, by: market.worker, place)
            }
            let gig = try await market.post()
            await #expect(throws: JobError.notFound(gig.id)) {
                try await market.jobApplications.page(to: gig.id, by: market.owner, place)
            }
        }
    }

    @Test func `whether somebody has applied is for that freelancer and the job's client`() async throws {
        try await Market.with { market in
            let job = try await market.postJob(Offered.add(to: market))
            let application = try await market.applyToJob(job.id)
            for caller in [market.worker, market.owner] {
                #expect(
                    try await market.jobApplications.state(of: market.worker, to: job.id, by: caller) == application)
            }
            for caller in [market.stranger, market.owner] {
                #expect(try await market.jobApplications.state(of: market.stranger, to: job.id, by: caller) == nil)
            }
            await #expect(throws: JobApplicationError.notYours(job.id)) {
                try await market.jobApplications.state(of: market.worker, to: job.id, by: market.stranger)
            }
            let missing = GigID.make(at: .start)
            await #expect(throws: JobError.notFound(missing)) {
                try await market.jobApplications.state(of: market.worker, to: missing, by: market.worker)
            }
        }
    }
}
