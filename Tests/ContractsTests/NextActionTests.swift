import SharedModels
import TestSupport
import Testing

@testable import ContractsService

/// The promise under test: every next action that a deal offers exists as an endpoint.
@Suite struct NextActionTests {
    private func expectPublished(_ actions: [NextAction]) throws {
        for action in actions {
            let operation = try #require(action.operation, "\(action.method) \(action.href)")
            #expect(operation.service == .contracts)
            #expect(!action.by.isEmpty)
            #expect(action.hasFittingBody, "\(action)")
            // The verb of the path; the onboarding link is a thing to get; disputes and reviews are made.
            let verbs = [
                "connect": "connect-link", "dispute": "create", "review": "reviews", "withdraw": "{milestoneId}",
            ]
            let verb = verbs[action.action] ?? action.action
            #expect(operation.path.hasSuffix("/\(verb)"), "\(action.action) leads to \(operation.path)")
        }
    }

    @Test(arguments: ContractStatus.allCases, MilestoneStatus.allCases)
    func `a contract names published operations only`(status: ContractStatus, milestone: MilestoneStatus)
        throws
    {
        var contract = Contract.sample(status: status, milestone: milestone)
        try expectPublished(contract.nextActions(at: .start))
        contract.milestones[0].dispute = .sample()
        try expectPublished(contract.nextActions(at: .start))
    }

    @Test(arguments: NegotiationState.allCases, [nil, ContractID.make(at: .start)])
    func `a negotiation names published operations only, with or without a contract`(
        state: NegotiationState, contract: ContractID?
    ) throws {
        var negotiation = Negotiation.sample(rateCents: 5_000)
        negotiation.state = state
        negotiation.roundNumber = 1
        negotiation.contractID = contract
        let needsContract = [.pendingOwnerApproval, .approved].contains(state)
        if contract != nil || !needsContract { try expectPublished(negotiation.nextActions) }
    }

    @Test(arguments: [ContractStatus.active, .completed, .cancelled])
    func `while a payout waits for the worker's onboarding, the worker can be onboarded`(status: ContractStatus) {
        var contract = Contract.sample(status: status, milestone: .released)
        contract.workerIsOnboarded = false
        contract.milestones[0].payout = Payout(fee: .usd(cents: 2_500), transfer: .usd(cents: 47_500), leavesAt: nil)
        #expect(contract.actors(of: .connect) == [.worker])
        contract.workerIsOnboarded = true
        #expect(contract.actors(of: .connect).isEmpty)
        contract.workerIsOnboarded = false
        contract.milestones[0].payout = .nothing
        #expect(contract.actors(of: .connect).isEmpty == (status != .active))
    }

    @Test func `an action's body has the members that it takes, and what is known of them`() throws {
        func body(_ action: String, of actions: [NextAction]) -> JSONValue? {
            actions.first { $0.action == action }?.body
        }
        var negotiation = Negotiation.sample(rateCents: 5_000)
        negotiation.state = .inProgress
        negotiation.roundNumber = 2
        #expect(body("agree", of: negotiation.nextActions) == ["round_number": 2])
        #expect(
            body("round", of: negotiation.nextActions)?.object?.map(\.name)
                == ["rate_cents", "hours_per_week", "start_date", "payout_delay_days"])
        negotiation.terms = Terms(rate: .usd(cents: 4_000), hoursPerWeek: 20)
        let round = body("round", of: negotiation.nextActions)
        #expect(
            round == ["rate_cents": 4_000, "hours_per_week": 20, "start_date": nil, "payout_delay_days": nil])
        let contract = Contract.sample(status: .active, milestone: .funded)
        let actions = contract.nextActions(at: .start)
        #expect(body("release", of: actions) == .null)
        #expect(body("deliver", of: actions) == ["note": nil, "url": nil])
        // Nobody reads it in an event, and no side is taken there.
        #expect(
            body("dispute", of: actions) == [
                "contract_id": .string("\(contract.id)"), "milestone_id": .string("\(contract.milestones[0].id)"),
                "disputing_party": nil, "reason": nil, "evidence": [["type": nil, "url": nil, "description": nil]],
            ])
    }

    @Test func `a body that is sent as it came is refused where something must be said, and says nothing else`() throws
    {
        var contract = Contract.sample(status: .active, milestone: .delivered)
        contract.milestones[0].dispute = .sample()
        let actions =
            contract.nextActions(at: .start, for: .client)
            + Contract.sample(status: .active, milestone: .funded).nextActions(at: .start, for: .client)
            + Contract.sample(status: .completed, milestone: .released).nextActions(at: .start)
            + Contract.sample(status: .pendingOwnerApproval, milestone: .pending).nextActions(at: .start)
        func refusals(_ action: String) throws -> [String] {
            let known = try #require(actions.first { $0.action == action }, "\(action)")
            return try #require(known.operation?.inputSchema).issues(in: known.body).map(\.path)
        }
        #expect(try refusals("review") == ["rating"])
        #expect(try refusals("revise") == ["notes"])
        #expect(try refusals("dispute") == ["reason", "evidence.0.type"])
        #expect(try refusals("respond") == ["evidence.0.type"])
        #expect(try refusals("end") == [])
        #expect(actions.first { $0.action == "end" }?.body == ["note": nil])
    }

    @Test(arguments: PartyRole.allCases) func `the body of a dispute is that of who reads it`(role: PartyRole) {
        let view = Contract.sample(status: .active, milestone: .funded).view(for: role, at: .start)
        for actions in [view.nextActions, view.milestones[0].nextActions] {
            let dispute = actions.first { $0.action == "dispute" }
            #expect(dispute?.body["disputing_party"] == .string(role.rawValue))
        }
    }

    @Test func `while a revision is talked about, a contract's round begins with the terms of the last one`()
        async throws
    {
        try await Deals.with { deals in
            let id = try await deals.agreed().id
            let talk = try await deals.revisions.revise(id, notes: "again", by: deals.client, expecting: anyVersion)
                .negotiationID
            _ = try await deals.negotiations.propose(
                Terms(hoursPerWeek: 12), in: talk, by: deals.worker, expecting: anyVersion)
            let contract = try await deals.contracts.get(id, by: deals.client)
            let round = contract.nextActions(at: .start).first { $0.action == "round" }
            #expect(round?.body["hours_per_week"] == 12 && contract.terms.hoursPerWeek == 10)
            let negotiation = try await deals.negotiations.get(talk, by: deals.client, withAudit: false).negotiation
            #expect(negotiation.nextActions.first { $0.action == "round" }?.body == round?.body)
        }
    }

    @Test func `every action on a deal is named in some state`() {
        let contracts = ContractStatus.allCases.flatMap { status in
            MilestoneStatus.allCases.flatMap {
                var contract = Contract.sample(status: status, milestone: $0)
                contract.milestones.append(.sample(position: 2))
                return contract.nextActions(at: .start)
            }
        }
        let disputes = DisputeStatus.allCases.flatMap { DisputeStanding.sample($0).nextActions(at: .start) }
        let negotiations = NegotiationState.allCases.flatMap { state in
            var negotiation = Negotiation.sample(rateCents: 5_000)
            negotiation.state = state
            negotiation.roundNumber = 1
            return negotiation.nextActions
        }
        #expect(
            Set((contracts + negotiations + disputes).map(\.action))
                == Set(DealAction.allCases.map(\.rawValue)))
    }
}
