import ServiceKit
import TestSupport
import Testing

@testable import ContractsService
@testable import SharedModels

/// The promise under test: until there is an agreement either party can end a negotiation, and both know why it ended.
@Suite struct DeclineTests {
    private func decline(
        _ id: NegotiationID, reason: String? = nil, by caller: AccountID, in deals: Deals
    ) async throws -> Negotiation {
        try await deals.negotiations.decline(id, reason: reason, by: caller, expecting: anyVersion)
    }

    @Test(arguments: PartyRole.allCases, [Terms(), Terms(hoursPerWeek: 10)])
    func `either party declines before an agreement, and both are told once`(role: PartyRole, terms: Terms)
        async throws
    {
        try await Deals.with { deals in
            let open = try await deals.negotiated(terms)
            let before = try await deals.count(.negotiationUpdated)
            let caller = role == .client ? deals.client : deals.worker
            let declined = try await decline(open.id, reason: "Too far away.", by: caller, in: deals)
            #expect(declined.state == .expired && declined.endedBy == .decline && declined.closedAt == deals.clock.now)
            #expect(declined.version == open.version + 1 && declined.nextActions.isEmpty)
            let view = try await deals.shown(open.id, to: deals.client, withAudit: true)
            #expect(view.endedBy == .decline)
            #expect(view.audit?.last?.actorUserID == caller)
            #expect(view.audit?.last?.payload == ["reason": "Too far away."])
            #expect(try await deals.count(.negotiationUpdated) == before + 1)
            let left = try await deals.negotiations.openDeals(of: deals.worker)
            #expect(left.asWorker == 0)
            #expect(try await deals.negotiations.ended(among: [open.id]) == [open.id])
        }
    }

    @Test func `what is declined stays so, and the same two may negotiate again`() async throws {
        try await Deals.with { deals in
            let first = try await deals.negotiated()
            _ = try await decline(first.id, by: deals.worker, in: deals)
            await #expect(throws: ActionError.notNow(.decline, state: "expired", allowed: [])) {
                try await decline(first.id, by: deals.client, in: deals)
            }
            await #expect(throws: ActionError.notNow(.round, state: "expired", allowed: [])) {
                try await deals.negotiations.propose(
                    Terms(hoursPerWeek: 1), in: first.id, by: deals.client, expecting: anyVersion)
            }
            let second = try await deals.negotiations.open(
                first.gigID, with: deals.worker, terms: Terms(), by: deals.client)
            #expect(second.state == .pending && second.endedBy == nil)
        }
    }

    @Test func `an agreement is revised before it can be declined, and its contract ends with it`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.agreed()
            await #expect(
                throws: ActionError.notNow(
                    .decline, state: "pending_owner_approval", allowed: ["approve", "revise"])
            ) {
                try await decline(contract.negotiationID, by: deals.worker, in: deals)
            }
            _ = try await deals.revisions.revise(contract.id, notes: "no", by: deals.client, expecting: anyVersion)
            _ = try await decline(contract.negotiationID, by: deals.worker, in: deals)
            let ended = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(ended.status == .cancelled && ended.nextActions(at: .start).isEmpty)
        }
    }

    @Test func `a stranger finds nothing to decline, and a stale version is refused`() async throws {
        try await Deals.with { deals in
            let open = try await deals.negotiated()
            await #expect(throws: NegotiationError.notFound) {
                try await decline(open.id, by: .make(at: .start), in: deals)
            }
            await #expect(throws: Refusal.self) {
                try await deals.negotiations.decline(
                    open.id, reason: nil, by: deals.client, expecting: onlyVersion(open.version + 1))
            }
            #expect(try await deals.shown(open.id, to: deals.client).state == .inProgress)
        }
    }

    @Test func `declined, agreed and proposed at the same time, a negotiation goes one way`() async throws {
        try await Deals.with { deals in
            let open = try await deals.negotiated()
            async let declined = attempts(4) { try await decline(open.id, by: deals.client, in: deals) }
            async let agreed = attempts(4) {
                try await deals.negotiations.agree(to: nil, in: open.id, by: deals.worker, expecting: anyVersion)
            }
            let (ends, agreements) = await (declined.successes, agreed.successes)
            #expect(ends.count + agreements.count == 1)
            let state = try await deals.shown(open.id, to: deals.client).state
            #expect(state == (ends.isEmpty ? .pendingOwnerApproval : .expired))
        }
    }

    @Test func `a negotiation says what else ended it: a fourth round, silence, a departure`() async throws {
        try await Deals.with { deals in
            let idle = try await deals.negotiated()
            let used = try await deals.negotiated()
            for _ in 0..<2 {
                _ = try await deals.negotiations.propose(
                    Terms(hoursPerWeek: 9), in: used.id, by: deals.worker, expecting: anyVersion)
            }
            await #expect(throws: NegotiationError.roundsUsedUp) {
                try await deals.negotiations.propose(
                    Terms(hoursPerWeek: 9), in: used.id, by: deals.worker, expecting: anyVersion)
            }
            #expect(try await deals.shown(used.id, to: deals.client).endedBy == .rounds)
            deals.clock.advance(by: IdleWorkflow.limit)
            _ = try await deals.features.idling.expire(idle.id)
            #expect(try await deals.shown(idle.id, to: deals.client).endedBy == .silence)
            let left = try await deals.negotiated()
            try await deals.tell(.accountDeleted, ["user_id": .string("\(deals.worker)")])
            _ = try await deals.departures.endDeals(of: deals.worker)
            #expect(try await deals.shown(left.id, to: deals.client).endedBy == .departure)
        }
    }
}
