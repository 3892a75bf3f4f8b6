import Logging
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import JobsService

/// The promise under test: nobody waits for a deleted account, and none of its texts remain.
@Suite struct DepartureTests {
    @Test func `a client's gigs close, or go where nobody applied, and their applicants are told`() async throws {
        try await Market.with { market in
            let gigs = [
                try await market.post(.active), try await market.post(.draft), try await market.post(.closed),
            ]
            let foreign = try await market.post(.active, by: market.stranger)
            let waiting = try await market.application(.applied, to: gigs[0])
            _ = try await market.apply(to: foreign.id)
            try await market.forgetAnnouncements()
            for _ in 0..<2 { try await market.departures.end(market.owner) }
            let left = try await market.gigs.get(gigs[0].id, by: market.owner)
            #expect(left.status == .closed && left.title == gigs[0].title && left.description == nil)
            // Only their owner has seen these.
            for gig in gigs[1...] {
                await #expect(throws: GigError.notFound(gig.id)) {
                    try await market.gigs.get(gig.id, by: market.owner)
                }
            }
            #expect(try await market.gigs.get(foreign.id, by: market.worker).status == .active)
            let announced = try await market.announced()
            #expect(announced.map(\.name) == [EventName.applicationUpdated.rawValue])
            #expect(announced.map(\.recipients) == [[market.worker]])
            #expect(announced.first?.data["status"] == "rejected")
            #expect(announced.first?.aggregate == EventAggregate(waiting.id.uuid))
            #expect(
                try await market.mine().map(\.application.status).sorted { $0.rawValue < $1.rawValue } == [
                    .applied, .rejected,
                ])
        }
    }

    @Test func `a freelancer's applications are rejected, their words erased, and each owner told once`()
        async throws
    {
        try await Market.with { market in
            let shortlisted = try await market.application(.shortlisted)
            _ = try await market.application(.rejected)
            _ = try await market.apply(to: market.post(by: market.stranger).id, message: "my phone number is")
            try await market.forgetAnnouncements()
            for _ in 0..<2 { try await market.departures.end(market.worker) }
            let announced = try await market.announced()
            #expect(Set(announced.map(\.recipients)) == [[market.owner], [market.stranger]])
            #expect(announced.count == 2)
            #expect(
                try await market.mine().allSatisfy {
                    $0.application.status == .rejected && $0.application.message == nil
                })
            await #expect(throws: EngagementError.notShortlisted(.rejected)) {
                _ = try await market.engage(on: shortlisted)
            }
        }
    }

    @Test func `more applications than one transaction takes are all rejected`() async throws {
        try await Market.with { market in
            let gig = try await market.post()
            for _ in 0..<101 { _ = try await market.apply(to: gig.id, by: .make(at: .start)) }
            try await market.forgetAnnouncements()
            try await market.departures.end(market.owner)
            #expect(try await market.announced().count == 101)
        }
    }

    @Test func `the news is taken once, and what slipped in behind it ends a minute later`() async throws {
        try await Market.with { market in
            let workflow = market.departures
            workflow.register(on: workflow.scheduler)
            // Gigs with applications. Others are deleted as soon as they are closed.
            let first = try await market.application(.applied).gigID
            let data: JSONValue = ["user_id": .string("\(market.owner)")]
            let id = try await market.tell(AccountDeleted.label, data)
            try await market.tell(AccountDeleted.label, data, id: id)
            func waitUntilClosed(_ gig: GigID) async throws {
                try await workflow.scheduler.run(until: "the gig is closed") {
                    try await market.gigs.get(gig, by: market.owner).status == .closed
                }
            }
            try await waitUntilClosed(first)
            let late = try await market.application(.applied).gigID
            market.clock.advance(by: DepartureWorkflow.secondLookAfter)
            try await waitUntilClosed(late)
        }
    }

    @Test func `a client's jobs close without their texts, and their applicants are told`() async throws {
        try await Market.with { market in
            let offered = try await Offered.add(to: market)
            let (applied, hired, seenByNobody) = (
                try await market.postJob(offered), try await market.postJob(offered), try await market.postJob(offered)
            )
            for job in [applied, hired] { try await market.applyToJob(job.id) }
            try await market.tell(ToldContract(job: hired.id, client: market.owner, freelancer: market.worker))
            try await market.forgetAnnouncements()
            for _ in 0..<2 { try await market.departures.end(market.owner) }
            for job in [applied, hired] {
                let left = try await market.jobs.get(job.id)
                #expect(left.status == .closed && left.description.isEmpty && left.location.isEmpty)
            }
            await #expect(throws: JobError.notFound(seenByNobody.id)) { try await market.jobs.get(seenByNobody.id) }
            #expect(try await market.applicants(to: applied.id) == [market.worker: .rejected])
            #expect(try await market.applicants(to: hired.id) == [market.worker: .accepted])
            #expect(try await market.announced().map(\.recipients) == [[market.worker]])
            #expect(try await market.list().total == 0)
        }
    }

    @Test func `a freelancer's applications to jobs go, and each client is told once`() async throws {
        try await Market.with { market in
            let offered = try await Offered.add(to: market)
            let (applied, hired) = (try await market.postJob(offered), try await market.postJob(offered))
            for job in [applied, hired] { try await market.applyToJob(job.id) }
            try await market.applyToJob(applied.id, by: market.stranger)
            try await market.tell(ToldContract(job: hired.id, client: market.owner, freelancer: market.worker))
            try await market.forgetAnnouncements()
            for _ in 0..<2 { try await market.departures.end(market.worker) }
            #expect(try await market.applicants(to: applied.id) == [market.stranger: .pending])
            #expect(try await market.applicants(to: hired.id) == [market.worker: .accepted])
            #expect(try await market.jobs.get(applied.id).applicants == 1)
            let told = try await market.announced()
            #expect(told.map(\.recipients) == [[market.owner]] && told.first?.data["withdrawn"] == true)
            let letters = try await market.jobApplications.page(of: market.worker, PageNumber(number: 1, limit: 9))
            #expect(letters.items.map(\.application.coverLetter) == [nil])
        }
    }
}
