import ServiceKit
import TestSupport
import Testing

@testable import ContractsService
@testable import SharedModels

/// The promise under test: a deal that is not over offers a next action, or names whom it waits for.
@Suite struct NextStepTests {
    /// Every state of a contract except the ends, with every state that its negotiation can have.
    static let unended: [(ContractStatus, NegotiationState)] = ContractStatus.allCases.filter { !$0.isEnd }.flatMap {
        status -> [(ContractStatus, NegotiationState)] in
        status == .pendingOwnerApproval
            ? [(status, .inProgress), (status, .pendingOwnerApproval)] : [(status, .approved)]
    }

    @Test(arguments: unended, [MilestoneStatus.pending, .funded, .delivered])
    func `a contract that is not over names what comes next, disputed or not, whatever round it is in`(
        states: (ContractStatus, NegotiationState), milestone: MilestoneStatus
    ) {
        for rounds in 0...NegotiationState.roundLimit {
            for dispute in [nil] + DisputeStatus.allCases.filter({ !$0.isEnd }).map({ DisputeStanding.sample($0) }) {
                var contract = Contract.sample(status: states.0, milestone: milestone)
                contract.negotiation.state = states.1
                contract.negotiation.roundNumber = rounds
                contract.milestones[0].dispute = dispute
                #expect(!contract.nextActions(at: .start).isEmpty, "\(states) \(milestone) round \(rounds)")
            }
        }
    }

    @Test func `a contract that only one party has approved waits for the other`() {
        for role in PartyRole.allCases {
            var contract = Contract.sample()
            _ = contract.approve(as: role, at: .start)
            #expect(contract.nextActions(at: .start).first?.by == [role.other])
        }
    }

    @Test(arguments: MoneyMove.allCases)
    func `a contract without a next step waits for payments, and tells when to ask again`(move: MoneyMove) throws {
        var contract = Contract.sample(status: .active, milestone: .funded)
        contract.mark(move)
        #expect(contract.nextActions(at: .start).isEmpty)
        let error = try #require(throws: ActionError.self) {
            try contract.require(.deliver, with: contract.milestones[0], by: .worker, at: .start)
        }
        #expect(error == .moneyIsMoving(allowed: []))
        #expect(error.retryAfter != nil)
    }

    @Test(arguments: NegotiationState.allCases)
    func `a negotiation names what comes next until it has expired; what is approved goes on as its contract`(
        state: NegotiationState
    ) {
        for rounds in 0...(state == .pending ? 0 : NegotiationState.roundLimit) {
            let standing = NegotiationStanding(
                id: .make(at: .start), state: state, roundNumber: rounds, terms: Terms(),
                contractID: .make(at: .start), waitsFor: Set(PartyRole.allCases))
            #expect(standing.nextActions().isEmpty == (state.isEnd || state == .approved))
        }
    }

    @Test(arguments: DisputeStatus.allCases)
    func `a dispute names what comes next until it is resolved, and waits while its decision is carried out`(
        status: DisputeStatus
    ) throws {
        var dispute = Dispute.sample(status)
        #expect(dispute.nextActions(at: .start).isEmpty == status.isEnd)
        guard !status.isEnd else { return }
        dispute.decide(
            try Decision(
                DecisionInput(outcome: .client), over: .usd(cents: 100), fee: .usd(cents: 0), by: .make(at: .start),
                at: .start),
            at: .start)
        #expect(dispute.nextActions(at: .start).isEmpty)
        #expect(throws: ActionError.moneyIsMoving(allowed: [])) {
            try dispute.require(.recommend, by: .client, at: .start)
        }
    }

    @Test(arguments: ContractStatus.allCases.filter(\.isEnd), NegotiationState.allCases)
    func `a contract that is over leads nowhere, but to a review`(status: ContractStatus, negotiation: NegotiationState)
    {
        var contract = Contract.sample(status: status, milestone: .released)
        contract.negotiation.state = negotiation
        #expect(contract.nextActions(at: .start).map(\.action) == (status == .completed ? ["review"] : []))
    }

    @Test func `after a revision the contract shows each turn of the negotiation, under its own version`()
        async throws
    {
        try await Deals.with { deals in
            let id = try await deals.agreed().id
            func actions() async throws -> [String] {
                try await deals.contracts.get(id, by: deals.client).nextActions(at: .start).map(\.action)
            }
            let revised = try await deals.revisions.revise(
                id, notes: "again", by: deals.worker, expecting: anyVersion)
            #expect(try await actions() == ["round", "decline"])
            var versions = [revised.version]
            for expected in [["round", "agree", "decline"], ["round", "agree", "decline"], ["agree", "decline"]] {
                _ = try await deals.negotiations.propose(
                    Terms(hoursPerWeek: 20), in: revised.negotiationID, by: deals.client, expecting: anyVersion)
                #expect(try await actions() == expected)
                versions.append(try await deals.contracts.get(id, by: deals.client).version)
            }
            #expect(versions == Array(revised.version...revised.version + 3))
            _ = try await deals.negotiations.agree(
                to: nil, in: revised.negotiationID, by: deals.worker, expecting: anyVersion)
            #expect(try await actions() == ["approve", "revise"])
        }
    }
}
