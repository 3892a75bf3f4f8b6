import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import ContractsService

/// The promise under test: a negotiation ends in one contract or expires, however many calls come at the same time.
@Suite struct NegotiationWorkflowTests {
    @Test func `terms at the opening are the first round`() async throws {
        try await Deals.with { deals in
            let bare = try await deals.negotiations.open(
                .make(at: .start), with: deals.worker, terms: Terms(), by: deals.client)
            #expect(bare.state == .pending)
            #expect(bare.terms == Terms(rate: .usd(cents: 5_000)))
            let negotiation = try await deals.negotiated()
            #expect(negotiation.state == .inProgress)
            #expect(negotiation.roundNumber == 1)
            #expect(negotiation.version == 2)
            let view = try await deals.shown(negotiation.id, to: deals.worker, withAudit: true)
            #expect(view.yourRole == .worker)
            #expect(view.audit?.map(\.kind) == [.stateChange, .round])
            #expect(view.audit?.last?.payload["hours_per_week"]?.integer == 10)
            #expect(try await deals.announced() == ["negotiation.created", "negotiation.created"])
        }
    }

    @Test func `of two negotiations with one worker about one gig, one is opened`() async throws {
        try await Deals.with { deals in
            let gig = GigID.make(at: .start)
            let opened = await attempts(4) {
                try await deals.negotiations.open(gig, with: deals.worker, terms: Terms(), by: deals.client)
            }
            #expect(opened.successes.count == 1)
            #expect(opened.failures.allSatisfy { $0 as? NegotiationError == .alreadyNegotiating })
            #expect(try await deals.count(.negotiationCreated) == 1)
            let open = try await deals.negotiations.openDeals(of: deals.worker)
            #expect(open.asWorker == 1)
            #expect(open.asClient == 0)
        }
    }

    @Test func `of many negotiations those are over that have ended, or whose contract has`() async throws {
        try await Deals.with { deals in
            let live = try await deals.negotiated().id
            let approved = try await deals.agreed().negotiationID
            let contract = try await deals.completed()
            let ids = [live, approved, contract.negotiationID, .make(at: .start)]
            let ended = try await deals.negotiations.ended(among: ids)
            #expect(ended == [contract.negotiationID])
            #expect(try await deals.negotiations.ended(among: []).isEmpty)
        }
    }

    @Test func `the fourth round ends the negotiation, and is not recorded`() async throws {
        try await Deals.with { deals in
            let id = try await deals.negotiated().id
            for hours in [20, 30] {
                _ = try await deals.negotiations.propose(
                    Terms(hoursPerWeek: hours), in: id, by: deals.worker, expecting: anyVersion)
            }
            // As with an Idempotency-Key: the refusal takes back what the scope wrote, but not the end.
            await #expect(throws: NegotiationError.roundsUsedUp) {
                try await CommitScope.run(on: deals.database) { _ in
                    try await deals.negotiations.propose(
                        Terms(hoursPerWeek: 40), in: id, by: deals.client, expecting: anyVersion)
                }
            }
            let view = try await deals.shown(id, to: deals.client, withAudit: true)
            #expect(view.state == .expired)
            #expect(view.hoursPerWeek == 30)
            #expect(view.roundNumber == 3)
            #expect(view.nextActions.isEmpty)
            #expect(view.audit?.map(\.kind) == [.stateChange, .round, .round, .round, .stateChange])
            #expect(try await deals.count(.negotiationUpdated) == 3)
            await #expect(throws: ActionError.notNow(.round, state: "expired", allowed: [])) {
                try await deals.negotiations.propose(
                    Terms(hoursPerWeek: 1), in: id, by: deals.client, expecting: anyVersion)
            }
        }
    }

    @Test func `agreeing at the same time makes one contract with one milestone`() async throws {
        try await Deals.with { deals in
            let id = try await deals.negotiated().id
            let agreed = await attempts(6) {
                try await deals.negotiations.agree(
                    to: 1, in: id, by: deals.worker, expecting: anyVersion)
            }
            #expect(agreed.successes.count == 1)
            #expect(agreed.failures.allSatisfy { $0 is ActionError })
            let page = try await deals.contracts.page(of: deals.client, in: nil, after: nil, limit: 10)
            #expect(page.items.count == 1)
            #expect(page.items[0].id == agreed.successes.first?.contractID)
            #expect(page.items[0].milestones.map(\.amount) == [.usd(cents: 50_000)])
            #expect(page.items[0].payoutDelayDays == 3)
            #expect(try await deals.count(.contractCreated) == 1)
            #expect(try await deals.count(.negotiationUpdated) == 1)
        }
    }

    @Test func `an agreement to a round that does not stand any more is refused`() async throws {
        try await Deals.with { deals in
            let id = try await deals.negotiated().id
            _ = try await deals.negotiations.propose(
                Terms(rate: .usd(cents: 6_000)), in: id, by: deals.worker, expecting: anyVersion)
            await #expect(throws: NegotiationError.staleRound(current: 2, allowed: ["round", "agree", "decline"])) {
                try await deals.negotiations.agree(
                    to: 1, in: id, by: deals.client, expecting: anyVersion)
            }
            await #expect(throws: Refusal.self) {
                try await deals.negotiations.agree(to: 2, in: id, by: deals.client) { version in
                    throw Refusal(.preconditionFailed, "\(version)")
                }
            }
        }
    }

    @Test(arguments: [(9_007_199_254_740_991, 168), (10, 4), (1, 49), (100_000_000, 1)] as [(Int64, Int)])
    func `a week that the payment provider does not take is refused where it is proposed, by name`(
        rate: Int64, hours: Int
    ) async throws {
        try await Deals.with { deals in
            let terms = Terms(rate: .usd(cents: rate), hoursPerWeek: hours)
            let byRate = NegotiationError.badPrice(.rate)
            await #expect(throws: byRate) { try await deals.negotiated(terms) }
            let open = try await deals.negotiated(Terms(rate: .usd(cents: rate)))
            let byHours = NegotiationError.badPrice(.hours)
            await #expect(throws: byHours) {
                try await deals.negotiations.propose(
                    Terms(hoursPerWeek: hours), in: open.id, by: deals.worker, expecting: anyVersion)
            }
            #expect(try await deals.shown(open.id, to: deals.worker).roundNumber == 1)
            let other = try await deals.negotiated(Terms(rate: .usd(cents: 5_000), hoursPerWeek: hours))
            await #expect(throws: byRate) {
                try await deals.negotiations.propose(
                    Terms(rate: .usd(cents: rate)), in: other.id, by: deals.worker, expecting: anyVersion)
            }
        }
    }

    @Test(arguments: [(0, 40), (50, 1), (1, 50), (99_999_999, 1)] as [(Int64, Int)])
    func `a week for nothing, or for what the payment provider takes, is agreed on`(rate: Int64, hours: Int)
        async throws
    {
        try await Deals.with { deals in
            let contract = try await deals.agreed(Terms(rate: .usd(cents: rate), hoursPerWeek: hours))
            #expect(contract.milestones.map(\.amount) == [.usd(cents: rate * Int64(hours))])
        }
    }

    @Test func `a gig's rate that cannot be paid is found by the agreement, and another round mends it`() async throws {
        try await Deals.with { deals in
            let id = try await deals.negotiated(Terms(hoursPerWeek: 10)).id
            try await deals.database.execute("UPDATE negotiations SET rate_cents = 4 WHERE id = \(id)")
            await #expect(throws: NegotiationError.notPayable(allowed: ["round", "agree", "decline"])) {
                try await deals.negotiations.agree(to: nil, in: id, by: deals.client, expecting: anyVersion)
            }
            _ = try await deals.negotiations.propose(
                Terms(rate: .usd(cents: 5)), in: id, by: deals.client, expecting: anyVersion)
            let agreed = try await deals.negotiations.agree(to: nil, in: id, by: deals.worker, expecting: anyVersion)
            #expect(agreed.state == .pendingOwnerApproval)
            #expect(NegotiationError.notPayable(allowed: []).issues.map(\.path) == ["rate_cents"])
        }
    }

    @Test func `a stranger finds nothing`() async throws {
        try await Deals.with { deals in
            let stranger = AccountID.make(at: .start)
            let contract = try await deals.agreed()
            await #expect(throws: NegotiationError.notFound) {
                try await deals.negotiations.get(contract.negotiationID, by: stranger, withAudit: false)
            }
            await #expect(throws: ContractError.notFound) {
                try await deals.contracts.approve(contract.id, by: stranger, expecting: anyVersion)
            }
            await #expect(throws: ContractError.notFound) {
                try await deals.releases.release(contract.milestones[0].id, of: contract.id, by: stranger)
            }
        }
    }

    @Test func `pages go on where the last one ended`() async throws {
        try await Deals.with { deals in
            for _ in 0..<5 {
                deals.clock.advance(by: .seconds(1))
                _ = try await deals.negotiated()
            }
            var seen: [NegotiationID] = []
            var cursor: PageCursor?
            repeat {
                let page = try await deals.negotiations.page(
                    of: deals.worker, in: .inProgress, after: cursor, limit: 2)
                seen += page.items.map(\.id)
                cursor = page.nextCursor.flatMap { PageCursor($0) }
            } while cursor != nil
            #expect(Set(seen).count == 5)
            #expect(seen == seen.sorted(by: >))
        }
    }
}
