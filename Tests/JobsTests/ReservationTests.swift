import ServiceKit
import TestSupport
import Testing

@testable import JobsService
@testable import SharedModels

/// The promise under test: contracts can reserve a shortlisted applicant once, and only for the gig's owner.
@Suite struct ReservationTests {
    private let again = NegotiationID.make(at: .start)

    @Test(arguments: GigStatus.allCases)
    func `a shortlisted applicant is reserved, and the same call again answers the same`(status: GigStatus)
        async throws
    {
        try await Market.with { market in
            let gig = try await market.post(title: "Linker work", rateCents: 7_000)
            let application = try await market.application(.shortlisted, to: gig)
            try await market.change(gig.id, GigUpdate(status: status))
            try await market.forgetAnnouncements()
            for _ in 0..<3 {
                let engaged = try await market.engage(again, on: application)
                #expect(
                    engaged.id == gig.id && engaged.title == "Linker work" && engaged.rate == .usd(cents: 7_000))
            }
            #expect(try await market.isInUse(application))
            // Nothing to show or to announce before contracts has opened the negotiation.
            #expect(try await market.mine().first?.engagement == nil)
            #expect(try await market.announced().isEmpty)
        }
    }

    @Test(arguments: [ApplicationStatus.applied, .rejected])
    func `who is not shortlisted cannot be reserved`(status: ApplicationStatus) async throws {
        try await Market.with { market in
            let application = try await market.application(status)
            await #expect(throws: EngagementError.notShortlisted(status)) {
                try await market.engage(on: application)
            }
            #expect(try await !market.isInUse(application))
        }
    }

    @Test func `who did not apply is not there to be reserved`() async throws {
        try await Market.with { market in
            let gig = try await market.post()
            await #expect(throws: EngagementError.noApplicant(market.worker, of: gig.id)) {
                try await market.engagements.engage(
                    gig.id,
                    EngagementInput(
                        negotiationID: again, clientUserID: market.owner, workerUserID: market.worker),
                    at: market.clock.now)
            }
        }
    }

    @Test(arguments: GigStatus.allCases)
    func `nobody reserves for another's gig, and a hidden one is refused like a missing one`(
        status: GigStatus
    )
        async throws
    {
        try await Market.with { market in
            let application = try await market.application(.shortlisted)
            let gig = application.gigID
            try await market.change(gig, GigUpdate(status: status))
            for other in [market.stranger, market.worker] {
                await #expect(
                    throws: status == .active ? GigError.notTheOwner(other, of: gig) : .notFound(gig)
                ) {
                    try await market.engage(on: application, by: other)
                }
            }
            #expect(try await !market.isInUse(application))
            try await market.delete(gig)
            await #expect(throws: GigError.notFound(gig)) { try await market.engage(on: application) }
        }
    }

    @Test func `of several negotiations at the same time one reserves`() async throws {
        try await Market.with { market in
            let application = try await market.application(.shortlisted)
            let engaged = await attempts(8) { try await market.engage(on: application) }
            #expect(engaged.successes.count == 1)
            #expect(engaged.failures.allSatisfy { $0 as? EngagementError == .alreadyNegotiating(application.id) })
        }
    }

    @Test func `a reservation that no negotiation follows lapses after a minute, to the microsecond`()
        async throws
    {
        try await Market.with { market in
            let application = try await market.application(.shortlisted)
            _ = try await market.engage(on: application)
            market.clock.advance(by: Engagement.reservation)
            #expect(try await market.isInUse(application))
            await #expect(throws: EngagementError.alreadyNegotiating(application.id)) {
                try await market.engage(again, on: application)
            }
            await #expect(throws: ApplicationError.shortlistInUse(application.id)) {
                try await market.decide(.rejected, on: application.id, of: application.gigID)
            }
            await #expect(throws: GigError.dealUnderWay(application.gigID)) {
                try await market.delete(application.gigID)
            }
            market.clock.advance(by: .microseconds(1))
            #expect(try await !market.isInUse(application))
            _ = try await market.engage(again, on: application)
            #expect(try await market.isInUse(application))
        }
    }

    @Test func `what holds the applicant is over when the reservation has lapsed`() async throws {
        try await Market.with { market in
            let application = try await market.application(.shortlisted)
            _ = try await market.engage(on: application)
            market.clock.advance(by: Engagement.reservation + .microseconds(1))
            let rejected = try await market.decide(.rejected, on: application.id, of: application.gigID)
            #expect(rejected.status == .rejected)
            try await market.delete(application.gigID)
            #expect(try await market.allApplications().isEmpty)
        }
    }

    @Test func `the same call a minute later renews the reservation`() async throws {
        try await Market.with { market in
            let application = try await market.application(.shortlisted)
            _ = try await market.engage(again, on: application)
            market.clock.advance(by: .seconds(90))
            _ = try await market.engage(again, on: application)
            market.clock.advance(by: .seconds(60))
            #expect(try await market.isInUse(application))
        }
    }

    @Test func `of a reservation and a rejection at the same time one is made`() async throws {
        try await Market.with { market in
            for _ in 0..<10 {
                let application = try await market.application(.shortlisted)
                let done = await attempts(2) { index in
                    if index == 0 {
                        _ = try await market.engage(on: application)
                    } else {
                        _ = try await market.decide(.rejected, on: application.id, of: application.gigID)
                    }
                }
                #expect(done.successes.count == 1)
                #expect(
                    done.failures.allSatisfy {
                        $0 as? ApplicationError == .shortlistInUse(application.id)
                            || $0 as? EngagementError == .notShortlisted(.rejected)
                    })
            }
        }
    }

    @Test func `of a reservation and the gig's deletion at the same time one is made`() async throws {
        try await Market.with { market in
            for _ in 0..<10 {
                let application = try await market.application(.shortlisted)
                let gig = application.gigID
                let done = await attempts(2) { index in
                    if index == 0 {
                        _ = try await market.engage(on: application)
                    } else {
                        try await market.delete(gig)
                    }
                }
                #expect(done.successes.count == 1)
                let refusals: [GigError] = [.dealUnderWay(gig), .notFound(gig)]
                #expect(
                    done.failures.allSatisfy { failure in
                        refusals.contains { $0 == failure as? GigError }
                    })
                #expect(
                    try await market.allApplications().contains(application.id) == market.isInUse(application)
                )
            }
        }
    }
}
