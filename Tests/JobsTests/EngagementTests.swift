import OutboundHTTP
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import JobsService
@testable import SharedModels

/// The promise under test: while a deal is open, neither its shortlisting nor its gig can be taken away, and the
/// applicant sees its state.
@Suite struct EngagementTests {
    @Test func `the applicant sees the negotiation and its terms, and nobody else's`() async throws {
        try await Market.with { market in
            var negotiation = try await market.negotiating()
            negotiation.state = .inProgress
            negotiation.round = 2
            negotiation.sequence = 3
            negotiation.terms = TermsInput(
                rateCents: 0, hoursPerWeek: 20, startDate: CalendarDay("2026-02-01"), payoutDelayDays: 3)
            try await market.tell(negotiation)
            let engagement = try #require(try await market.mine().first?.engagement)
            #expect(engagement.negotiationID == negotiation.id)
            let summary = try JSONValue(encoding: engagement.summary)
            #expect(
                summary == [
                    "state": "in_progress", "round_number": 2, "rate_cents": 0, "hours_per_week": 20,
                    "start_date": "2026-02-01", "payout_delay_days": 3,
                ])
            // A withdrawn term is gone.
            negotiation.terms = TermsInput()
            negotiation.sequence = 4
            try await market.tell(negotiation)
            let bare = try #require(try await market.mine().first?.engagement?.summary)
            #expect(bare.rateCents == nil && bare.hoursPerWeek == nil && bare.startDate == nil)
            #expect(try await market.own(of: market.stranger).items.isEmpty)
        }
    }

    @Test func `news that comes again or late changes nothing`() async throws {
        try await Market.with { market in
            var negotiation = try await market.negotiating()
            negotiation.state = .inProgress
            negotiation.round = 3
            negotiation.sequence = 4
            try await market.tell(negotiation)
            var older = negotiation
            older.round = 2
            older.sequence = 3
            let first = try await market.tell(older)
            older.sequence = 9
            try await market.tell(older, id: first)
            #expect(try await market.mine().first?.engagement?.summary.roundNumber == 3)
        }
    }

    @Test(arguments: NegotiationState.allCases)
    func `a live negotiation keeps shortlist and gig, an expired one lets them go`(state: NegotiationState)
        async throws
    {
        try await Market.with { market in
            var negotiation = try await market.negotiating()
            negotiation.state = state
            negotiation.sequence = 2
            try await market.tell(negotiation)
            // Long after any reservation.
            market.clock.advance(by: .days(30))
            try await market.forgetAnnouncements()
            let application = negotiation.application
            if state == .expired {
                _ = try await market.engage(on: application)
                market.clock.advance(by: .days(1))
                try await market.decide(.rejected, on: application.id, of: application.gigID)
                try await market.delete(application.gigID)
            } else {
                await #expect(throws: EngagementError.alreadyNegotiating(application.id)) {
                    try await market.engage(on: application)
                }
                await #expect(throws: ApplicationError.shortlistInUse(application.id)) {
                    try await market.decide(.rejected, on: application.id, of: application.gigID)
                }
                await #expect(throws: GigError.dealUnderWay(application.gigID)) {
                    try await market.delete(application.gigID)
                }
                #expect(try await market.announced().isEmpty)
                #expect(try await market.mine().map(\.application.version) == [application.version])
                // Changes that do not touch the deal remain possible.
                try await market.change(application.gigID, GigUpdate(title: "Renamed", status: .closed))
                try await market.decide(.shortlisted, on: application.id, of: application.gigID)
            }
        }
    }

    @Test func `a deal that contracts says is over binds nobody, though no event has told of its end`() async throws {
        try await Market.with { market in
            for change in 0..<3 {
                var negotiation = try await market.negotiating()
                negotiation.state = .approved
                negotiation.sequence = 2
                try await market.tell(negotiation)
                market.clock.advance(by: .days(1))
                let application = negotiation.application
                let id = negotiation.id
                market.peers.change { $0.ended = [id] }
                switch change {
                case 0: _ = try await market.engage(on: application)
                case 1: try await market.decide(.rejected, on: application.id, of: application.gigID)
                default: try await market.delete(application.gigID)
                }
            }
        }
    }

    @Test func `a reservation whose negotiation is over already binds nobody, though no event has told of it`()
        async throws
    {
        try await Market.with { market in
            let application = try await market.application(.shortlisted)
            let id = NegotiationID.make(at: market.clock.now)
            _ = try await market.engage(id, on: application)
            await #expect(throws: EngagementError.alreadyNegotiating(application.id)) {
                try await market.engage(on: application)
            }
            market.peers.change { $0.ended = [id] }
            _ = try await market.engage(on: application)
            // The event arrives after all, and does not bind again.
            try await market.tell(ToldNegotiation(id: id, application: application, client: market.owner))
            market.clock.advance(by: .minutes(2))
            try await market.delete(application.gigID)
        }
    }

    @Test func `when contracts cannot be asked, deals bind as before`() async throws {
        try await Market.with { market in
            let negotiation = try await market.negotiating()
            let application = negotiation.application
            market.peers.change { $0.ended = [negotiation.id] }
            for _ in 0..<2 {
                market.peers.change { $0.fault = OutboundError.timedOut }
                await #expect(throws: GigError.dealUnderWay(application.gigID)) {
                    try await market.delete(application.gigID)
                }
            }
            try await market.delete(application.gigID)
        }
    }

    @Test func `what is over is not bound again by news that comes late`() async throws {
        try await Market.with { market in
            var negotiation = try await market.negotiating()
            let application = negotiation.application
            market.peers.change { $0.ended = [negotiation.id] }
            let next = NegotiationID.make(at: market.clock.now)
            _ = try await market.engage(next, on: application)
            negotiation.state = .approved
            negotiation.sequence = 5
            try await market.tell(negotiation)
            // The new reservation stands.
            await #expect(throws: EngagementError.alreadyNegotiating(application.id)) {
                try await market.engage(on: application)
            }
            market.clock.advance(by: .minutes(2))
            try await market.delete(application.gigID)
        }
    }

    @Test(arguments: [true, false])
    func `while the applicant is being negotiated with, the application names no next action`(
        isTold: Bool
    ) async throws {
        try await Market.with { market in
            let application = try await market.application(.shortlisted)
            var negotiation = ToldNegotiation(application: application, client: market.owner)
            // The result of each of the three ways to read the application.
            func shown() async throws -> [[String]] {
                let received = try await market.applications.page(
                    to: application.gigID, in: nil, by: market.owner, after: nil, limit: 9, at: market.clock.now
                ).items.map(\.application)
                let same = try await market.decide(.shortlisted, on: application.id, of: application.gigID)
                return try await (received + market.mine().map(\.application) + [same]).map {
                    $0.view.nextActions.map(\.action)
                }
            }
            let free = Array(repeating: ["negotiate", "reject", "withdraw"], count: 3)
            #expect(try await shown() == free)
            _ = try await market.engage(negotiation.id, on: application)
            if isTold { try await market.tell(negotiation, .negotiationCreated) }
            #expect(try await shown() == [[], [], []])
            await #expect(throws: ApplicationError.shortlistInUse(application.id)) {
                try await market.decide(.rejected, on: application.id, of: application.gigID)
            }
            // It ends, or the reservation lapses.
            negotiation.state = .expired
            negotiation.sequence = 2
            if isTold { try await market.tell(negotiation) } else { market.clock.advance(by: .minutes(2)) }
            #expect(try await shown() == free)
        }
    }

    @Test func `shortlisted again while a negotiation is live, an application names no next action`()
        async throws
    {
        try await Market.with { market in
            let application = try await market.application(.shortlisted)
            let negotiation = ToldNegotiation(application: application, client: market.owner)
            _ = try await market.engage(negotiation.id, on: application)
            market.clock.advance(by: .minutes(2))
            // The reservation has lapsed before the event about the negotiation arrives.
            try await market.decide(.rejected, on: application.id, of: application.gigID)
            try await market.tell(negotiation, .negotiationCreated)
            #expect(try await market.mine().first?.application.nextActions.map(\.action) == ["shortlist"])
            try await market.forgetAnnouncements()
            let decided = try await market.decide(.shortlisted, on: application.id, of: application.gigID)
            #expect(decided.nextActions.isEmpty)
            #expect(try await market.announced().map { $0.data["next_actions"] } == [[]])
        }
    }

    @Test(arguments: ContractStatus.allCases)
    func `a deal lives until its contract is over`(status: ContractStatus) async throws {
        try await Market.with { market in
            var negotiation = try await market.negotiating()
            negotiation.state = .approved
            negotiation.sequence = 2
            try await market.tell(negotiation)
            try await market.tell(status, ofContractOf: negotiation.id)
            #expect(try await market.isInUse(negotiation.application) == !status.isOver)
            #expect(status.isOver == [.completed, .cancelled, .expired].contains(status))
            // The past remains visible.
            #expect(try await market.mine().first?.engagement?.summary.state == .approved)
        }
    }

    @Test func `of several negotiations about one application the latest is shown`() async throws {
        try await Market.with { market in
            var first = try await market.negotiating()
            first.state = .expired
            first.sequence = 2
            try await market.tell(first)
            market.clock.advance(by: .seconds(1))
            let second = ToldNegotiation(application: first.application, client: market.owner)
            _ = try await market.engage(second.id, on: first.application)
            // Only reserved, so the first one is still shown.
            #expect(try await market.mine().map { $0.engagement?.negotiationID } == [first.id])
            try await market.tell(second, .negotiationCreated)
            #expect(try await market.mine().map { $0.engagement?.negotiationID } == [second.id])
            // The end of the first one's contract, reported late, does not end the second.
            try await market.tell(.expired, ofContractOf: first.id)
            #expect(try await market.isInUse(first.application))
        }
    }

    @Test(arguments: [true, false])
    func `a negotiation whose news comes after its reservation has lapsed is known all the same`(
        isTaken: Bool
    )
        async throws
    {
        try await Market.with { market in
            let application = try await market.application(.shortlisted)
            var negotiation = ToldNegotiation(application: application, client: market.owner)
            _ = try await market.engage(negotiation.id, on: application)
            market.clock.advance(by: .minutes(5))
            let other = NegotiationID.make(at: .start)
            if isTaken { _ = try await market.engage(other, on: application) }
            try await market.tell(negotiation, .negotiationCreated)
            #expect(try await market.isInUse(application))
            #expect(try await market.mine().first?.engagement?.negotiationID == negotiation.id)
            await #expect(throws: EngagementError.alreadyNegotiating(application.id)) {
                try await market.engage(other, on: application)
            }
            negotiation.state = .expired
            negotiation.sequence = 2
            try await market.tell(negotiation)
            #expect(try await !market.isInUse(application))
        }
    }

    @Test func `what has nothing to do with applications here changes nothing, and what cannot be read is set aside`()
        async throws
    {
        try await Market.with { market in
            let negotiation = try await market.negotiating()
            try await market.tell(
                NegotiationUpdated.label, of: EventAggregate(negotiation.id.uuid), sequence: 9, [:])
            try await market.tell(
                NegotiationUpdated.label, of: EventAggregate(negotiation.id.uuid), sequence: 9,
                ["state": "unheard_of", "round_number": 1])
            try await market.tell(ContractUpdated.label, ["status": "completed"])
            try await market.tell(MilestoneReleased.label, ["negotiation_id": .string("\(negotiation.id)")])
            let elsewhere = ToldNegotiation(application: .sample(), client: market.owner)
            try await market.tell(elsewhere, .negotiationCreated)
            try await market.tell(.completed, ofContractOf: elsewhere.id)
            #expect(try await market.isInUse(negotiation.application))
            #expect(try await market.mine().map { $0.engagement?.negotiationID } == [negotiation.id])
            let dead = try await market.database.all("SELECT name FROM dead_letters ORDER BY name") {
                try $0.decode("name", as: String.self)
            }
            #expect(
                dead == [
                    "contract.milestone.released", "contract.updated", "negotiation.updated", "negotiation.updated",
                ])
        }
    }
}
