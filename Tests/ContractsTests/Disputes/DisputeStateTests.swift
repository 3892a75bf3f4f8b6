import ServiceKit
import TestSupport
import Testing

@testable import ContractsService
@testable import SharedModels

/// The promise under test: a dispute goes one way, is answered once and in time, and only over money that is
/// held.
@Suite struct DisputeStateTests {
    /// The whole diagram. Every other move is refused.
    static let arrows: [DisputeStatus: [DisputeEvent: DisputeStatus]] = [
        .open: [.respond: .responded, .overdue: .underReview, .recommend: .open, .resolve: .resolved],
        .responded: [.recommend: .responded, .resolve: .resolved],
        .underReview: [.recommend: .underReview, .resolve: .resolved],
    ]

    @Test func `every status takes the events of the diagram and refuses the rest`() {
        #expect(DisputeStatus.differences(from: Self.arrows) == [])
    }

    @Test(arguments: DisputeStatus.allCases, PartyRole.allCases)
    func `the other party responds, and either asks for advice, until it is resolved`(
        status: DisputeStatus, opener: PartyRole
    ) {
        let dispute = Dispute.sample(status, by: opener)
        let actions = dispute.nextActions(at: .start)
        switch status {
        case .open:
            #expect(actions.map(\.action) == ["respond", "recommend"])
            #expect(actions.first?.by == [opener.other])
            #expect(actions.first?.deadline == .start + .hours(24))
            #expect(actions.last?.by == [.client, .worker])
        case .responded, .underReview:
            #expect(actions.map(\.action) == ["recommend"])
        case .resolved:
            #expect(actions.isEmpty)
        }
    }

    @Test func `the party that opened it is told so, at any time`() {
        for status in DisputeStatus.allCases {
            #expect(throws: DisputeError.openedByYou) {
                try Dispute.sample(status, by: .worker).require(.respond, by: .worker, at: .start)
            }
        }
        #expect(throws: ActionError.notNow(.respond, state: "responded", allowed: ["recommend"])) {
            try Dispute.sample(.responded).require(.respond, by: .worker, at: .start)
        }
    }

    @Test func `the deadline counts to the microsecond, noted or not`() throws {
        let dispute = Dispute.sample()
        let deadline = Timestamp.start + .hours(24)
        try dispute.require(.respond, by: .worker, at: deadline - .microseconds(1))
        #expect(throws: ActionError.notNow(.respond, state: "under_review", allowed: ["recommend"])) {
            try dispute.require(.respond, by: .worker, at: deadline)
        }
        #expect(dispute.nextActions(at: deadline).map(\.action) == ["recommend"])
    }

    @Test func `what is delivered can be disputed for 14 days, what is not for as long as it is funded`()
        throws
    {
        var contract = Contract.sample(status: .active, milestone: .funded)
        let late = Timestamp.start + .days(1_000)
        try contract.require(.dispute, with: contract.milestones[0], by: .client, at: late)
        try contract.milestones[0].deliver(DeliveryInput(), at: .start)
        let end = Timestamp.start + .days(14)
        try contract.require(.dispute, with: contract.milestones[0], by: .worker, at: end - .microseconds(1))
        #expect(contract.nextActions(at: .start).last?.deadline == end)
        #expect(throws: ActionError.notNow(.dispute, state: "delivered", allowed: ["release"])) {
            try contract.require(.dispute, with: contract.milestones[0], by: .client, at: end)
        }
        #expect(contract.nextActions(at: end).map(\.action) == ["release"])
    }

    @Test(arguments: ContractStatus.allCases, MilestoneStatus.allCases)
    func `only money that is held can be disputed`(status: ContractStatus, milestone: MilestoneStatus) {
        let contract = Contract.sample(status: status, milestone: milestone)
        let isHeld = [.funded, .delivered].contains(milestone)
        let isLive = [.active, .pendingFreelancerKYC].contains(status)
        #expect(
            contract.actors(of: .dispute, with: contract.milestones[0], at: .start)
                == (isHeld && isLive ? [.client, .worker] : []))
    }

    @Test func `a disputed milestone is not released, and says what may be done instead`() {
        var contract = Contract.sample(status: .active, milestone: .funded)
        contract.milestones[0].dispute = .sample(by: .client)
        #expect(contract.nextActions(at: .start).map(\.action) == ["deliver", "respond", "recommend"])
        for action in [DealAction.release, .dispute] {
            #expect(throws: ActionError.disputed(allowed: ["recommend"])) {
                try contract.require(action, with: contract.milestones[0], by: .client, at: .start)
            }
        }
        contract.status = .pendingFreelancerKYC
        #expect(throws: ActionError.disputed(allowed: ["connect", "respond", "recommend"])) {
            try contract.require(.revise, by: .worker, at: .start)
        }
        contract.milestones[0].moving = .settle
        #expect(contract.nextActions(at: .start).map(\.action) == ["connect"])
    }

    @Test(
        arguments: [
            (DecisionInput(outcome: .worker, workerCents: 5), ["worker_cents"]),
            (DecisionInput(outcome: .client, workerCents: 0), ["worker_cents"]),
            (DecisionInput(outcome: .split, workerCents: 0), ["worker_cents"]),
            (DecisionInput(outcome: .split, workerCents: 100), ["worker_cents"]),
            (DecisionInput(outcome: .split, workerCents: 101), ["worker_cents"]),
        ])
    func `a decision that makes no sense is refused with the member to blame`(
        input: DecisionInput, paths: [String]
    ) throws {
        let error = try #require(throws: DisputeError.self) {
            try Decision(input, over: .usd(cents: 100), fee: .usd(cents: 15_000), by: .make(at: .start), at: .start)
        }
        #expect(error.issues.map(\.path) == paths)
        #expect(error.code == .validationFailed)
    }

    @Test func `a decision divides the whole amount, and charges only when told to`() throws {
        func decision(_ input: DecisionInput) throws -> Decision {
            try Decision(input, over: .usd(cents: 100), fee: .usd(cents: 15_000), by: .make(at: .start), at: .start)
        }
        let client = try decision(DecisionInput(outcome: .client, chargeFee: true))
        #expect([client.workersShare, client.returned, client.fee] == [0, 100, 15_000].map(Money.usd(cents:)))
        let worker = try decision(DecisionInput(outcome: .worker, chargeFee: false))
        #expect([worker.workersShare, worker.returned, worker.fee] == [100, 0, 0].map(Money.usd(cents:)))
        let split = try decision(DecisionInput(outcome: .split, workerCents: 1))
        #expect([split.workersShare, split.returned, split.fee] == [1, 99, 0].map(Money.usd(cents:)))
        #expect(throws: DisputeError.self) {
            try Decision(
                DecisionInput(outcome: .split, workerCents: 1), over: .usd(cents: 1), fee: .usd(cents: 0),
                by: .make(at: .start),
                at: .start
            )
        }
        let half = try decision(DecisionInput(outcome: .split, chargeFee: true))
        #expect([half.workersShare, half.returned, half.fee] == [50, 50, 0].map(Money.usd(cents:)))
        let free = try Decision(
            DecisionInput(outcome: .split), over: .usd(cents: 0), fee: .usd(cents: 15_000), by: .make(at: .start),
            at: .start)
        #expect([free.workersShare, free.returned] == [0, 0].map(Money.usd(cents:)))
        #expect(throws: DisputeError.self) {
            try Decision(
                DecisionInput(outcome: .split), over: .usd(cents: 1), fee: .usd(cents: 0), by: .make(at: .start),
                at: .start)
        }
    }
}
