import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import JobsService
@testable import SharedModels

/// The promise under test: a job is hired for one contract at a time, and job and applications follow that contract whatever
/// the order in which its news comes.
@Suite struct HiringTests {
    @Test func `an open job is reserved for its client and an applicant, as often as the same contract asks`()
        async throws
    {
        try await Market.with { market in
            let job = try await market.storeJob(rate: 12_345)
            try await market.storeApplication(to: job.id)
            let contract = ContractID.make(at: .start)
            #expect(try await market.hireable(job.id) == job)
            for _ in 0..<2 { #expect(try await market.hire(job.id, for: contract) == job) }
            #expect(try await market.job(job.id)?.status == .open)
            #expect(try await market.names().isEmpty)
        }
    }

    @Test func `a job that is missing, somebody else's, not open or without this applicant is not hired`() async throws
    {
        try await Market.with { market in
            let job = try await market.storeJob()
            await #expect(throws: HiringError.noApplicant(market.worker, of: job.id)) {
                try await market.hire(job.id)
            }
            try await market.storeApplication(to: job.id)
            await #expect(throws: JobError.notTheOwner(market.stranger, of: job.id)) {
                try await market.hire(job.id, by: market.stranger)
            }
            let missing = GigID.make(at: .start)
            await #expect(throws: JobError.notFound(missing)) { try await market.hire(missing) }
            let gig = try await market.post()
            await #expect(throws: JobError.notFound(gig.id)) { try await market.hire(gig.id) }
            for status in [JobStatus.ongoing, .closed] {
                let other = try await market.storeJob(status)
                try await market.storeApplication(to: other.id)
                await #expect(throws: JobError.notOpen(other.id)) { try await market.hire(other.id) }
                await #expect(throws: JobError.notOpen(other.id)) { try await market.hireable(other.id) }
            }
        }
    }

    @Test func `a reservation keeps others out for sixty seconds`() async throws {
        try await Market.with { market in
            let job = try await market.storeJob()
            try await market.storeApplication(to: job.id)
            try await market.hire(job.id)
            market.clock.advance(by: Hiring.reservation)
            await #expect(throws: HiringError.alreadyReserved(job.id)) { try await market.hire(job.id) }
            await #expect(throws: HiringError.alreadyReserved(job.id)) { try await market.hireable(job.id) }
            market.clock.advance(by: .microseconds(1))
            try await market.hire(job.id)
        }
    }

    @Test func `twenty contracts at the same time are one`() async throws {
        try await Market.with { market in
            let job = try await market.storeJob()
            try await market.storeApplication(to: job.id)
            let hired = await attempts(20) { _ in try await market.hire(job.id, for: .make(at: .start)) }
            #expect(hired.successes.count == 1)
            #expect(hired.failures.allSatisfy { $0 as? HiringError == .alreadyReserved(job.id) })
        }
    }

    @Test func `a contract sets its job going, accepts its freelancer, and refuses the others when it starts`()
        async throws
    {
        try await Market.with { market in
            let job = try await market.storeJob()
            for freelancer in [market.worker, market.stranger] {
                try await market.storeApplication(to: job.id, by: freelancer)
            }
            let contract = ToldContract(job: job.id, client: market.owner, freelancer: market.worker)
            try await market.hire(job.id, for: contract.id)
            market.clock.advance(by: .seconds(1))
            try await market.tell(contract)
            let going = try #require(try await market.job(job.id))
            #expect(going.status == .ongoing && going.hiredFreelancerID == market.worker && going.version == 2)
            #expect(going.updatedAt == market.clock.now)
            #expect(
                try await market.applicants(to: job.id) == [market.worker: .accepted, market.stranger: .pending])
            try await market.tell(contract.then(.started))
            #expect(
                try await market.applicants(to: job.id) == [market.worker: .accepted, market.stranger: .rejected])
            #expect(try await market.job(job.id) == going)

            let told = try await market.announced()
            #expect(
                told.map(\.name) == ["gig.updated", "gig.application.updated", "gig.application.updated"])
            #expect(told.map(\.sequence) == [2, 2, 2])
            #expect(told[0].data["status"] == "closed" && told[0].data["rate_cents"] == 50_000)
            #expect(told[0].data["flow"] == "escrow_checkout" && told[0].data["currency"] == "inr")
            #expect(told[1].data["status"] == "shortlisted" && told[1].data["gig_title"] == "Compiler work")
            #expect(told[2].data["status"] == "rejected" && told[2].recipients == [market.owner, market.stranger])
        }
    }

    @Test func `a released contract closes its job for good`() async throws {
        try await Market.with { market in
            let job = try await market.storeJob()
            try await market.storeApplication(to: job.id)
            let contract = ToldContract(job: job.id, client: market.owner, freelancer: market.worker)
            try await market.tell(contract)
            for next in [contract.then(.completed), contract.then(.completed).then(.completed, .requested)] {
                try await market.tell(next)
                #expect(try await market.job(job.id)?.status == .ongoing)
            }
            try await market.tell(contract.then(.completed).then(.completed).then(.completed, .approved))
            let closed = try await market.job(job.id)
            #expect(closed?.status == .closed && closed?.hiredFreelancerID == market.worker)
            #expect(try await market.applicants(to: job.id) == [market.worker: .accepted])
        }
    }

    @Test(arguments: [ReleaseFundStatus.notRequested, .approved])
    func `a canceled contract opens its job again, for everybody who applied`(release: ReleaseFundStatus) async throws {
        try await Market.with { market in
            let job = try await market.storeJob()
            for freelancer in [market.worker, market.stranger] {
                try await market.storeApplication(to: job.id, by: freelancer)
            }
            let contract = ToldContract(job: job.id, client: market.owner, freelancer: market.worker)
            try await market.tell(contract)
            try await market.tell(contract.then(.started))
            try await market.tell(contract.then(.started).then(.canceled, release))
            let open = try await market.job(job.id)
            #expect(open?.status == .open && open?.hiredFreelancerID == nil)
            #expect(
                try await market.applicants(to: job.id) == [market.worker: .pending, market.stranger: .pending])
            try await market.hire(job.id, market.stranger)
        }
    }

    @Test func `news that comes again, late or before the reservation leaves the job as the latest news says`()
        async throws
    {
        try await Market.with { market in
            let job = try await market.storeJob()
            try await market.storeApplication(to: job.id)
            let contract = ToldContract(job: job.id, client: market.owner, freelancer: market.worker)
            let canceled = contract.then(.canceled)
            let id = try await market.tell(canceled)
            try await market.tell(canceled, id: id)
            try await market.tell(contract)
            #expect(try await market.job(job.id) == job)
            // A late request for a contract that is known changes nothing.
            try await market.hire(job.id, for: contract.id)
            #expect(try await market.names().isEmpty)
        }
    }

    @Test func `who applies to a job that was opened again is not refused by news of the contract before`() async throws
    {
        try await Market.with { market in
            let job = try await market.storeJob()
            try await market.storeApplication(to: job.id)
            let started = ToldContract(job: job.id, client: market.owner, freelancer: market.worker).then(.started)
            let released = started.then(.completed, .approved)
            for news in [started, released] { try await market.tell(news) }
            try await market.change(job.id, JobUpdate(status: .open))
            try await market.storeApplication(to: job.id, by: market.stranger)
            try await market.tell(released.then(.completed, .approved))
            #expect(
                try await market.applicants(to: job.id) == [market.worker: .accepted, market.stranger: .pending])
            #expect(try await market.job(job.id)?.status == .open)
        }
    }

    @Test func `the news of an earlier contract does not disturb a later one`() async throws {
        try await Market.with { market in
            let job = try await market.storeJob()
            for freelancer in [market.worker, market.stranger] {
                try await market.storeApplication(to: job.id, by: freelancer)
            }
            let first = ToldContract(job: job.id, client: market.owner, freelancer: market.worker)
            try await market.tell(first)
            var second = ToldContract(job: job.id, client: market.owner, freelancer: market.stranger)
            second.createdAt = .start + .seconds(5)
            try await market.tell(second)
            try await market.tell(first.then(.canceled))
            let going = try await market.job(job.id)
            #expect(going?.status == .ongoing && going?.hiredFreelancerID == market.stranger)
            #expect(
                try await market.applicants(to: job.id) == [market.worker: .pending, market.stranger: .accepted])
        }
    }

    @Test func `more applicants than one transaction takes are all settled`() async throws {
        try await Market.with { market in
            let job = try await market.storeJob()
            try await market.storeApplication(to: job.id)
            for _ in 0..<250 { try await market.storeApplication(to: job.id, by: .make(at: .start)) }
            market.hirings.register(on: market.hirings.scheduler)
            let contract = ToldContract(job: job.id, client: market.owner, freelancer: market.worker)
            try await market.tell(contract.then(.started))
            try await market.hirings.scheduler.run(until: "all are settled") {
                let applicants = try await market.applicants(to: job.id)
                return applicants.values.filter { $0 == .rejected }.count == 250
                    && applicants[market.worker] == .accepted
            }
            #expect(try await market.names().count == 252)
        }
    }

    @Test func `a job that nobody knows is no error, and jobs are told in any status`() async throws {
        try await Market.with { market in
            try await market.tell(
                ToldContract(job: .make(at: .start), client: market.owner, freelancer: market.worker))
            let jobs = [
                try await market.storeJob(), try await market.storeJob(.ongoing), try await market.storeJob(.closed),
            ]
            let gig = try await market.post()
            let found = try await market.hirings.jobs(jobs.map(\.id) + [gig.id, .make(at: .start)])
            #expect(Set(found.map(\.id)) == Set(jobs.map(\.id)))
            #expect(try await market.hirings.jobs([]).isEmpty)
        }
    }
}
