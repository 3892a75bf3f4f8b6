import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import ContractsService

/// The promise under test: a contract is active only when both approved it, the worker can be paid and the
/// first milestone is funded.
@Suite struct ContractStateTests {
    /// The whole diagram. Every other move is refused.
    static let arrows: [ContractStatus: [ContractEvent: ContractStatus]] = [
        .pendingOwnerApproval: [
            .approveBeforeOnboarding: .pendingFreelancerKYC, .approve: .pendingClientFunding,
            .revise: .pendingOwnerApproval, .cancel: .cancelled,
        ],
        .pendingFreelancerKYC: [
            .revise: .pendingOwnerApproval, .startFunding: .pendingBoth, .fund: .pendingFreelancerKYC,
            .lapse: .pendingFreelancerKYC, .onboard: .pendingClientFunding, .onboardWhenFunded: .active,
            .complete: .completed, .expire: .expired, .cancel: .cancelled,
        ],
        .pendingBoth: [
            .revise: .pendingOwnerApproval, .startFunding: .pendingBoth, .fund: .pendingFreelancerKYC,
            .lapse: .pendingFreelancerKYC, .onboard: .pendingClientFunding, .expire: .expired, .cancel: .cancelled,
        ],
        .pendingClientFunding: [
            .revise: .pendingOwnerApproval, .startFunding: .pendingClientFunding, .fund: .active,
            .lapse: .pendingClientFunding, .expire: .expired, .cancel: .cancelled,
        ],
        .active: [.startFunding: .active, .fund: .active, .lapse: .active, .complete: .completed, .cancel: .cancelled],
    ]

    @Test func `every status takes the events of the diagram and refuses the rest`() {
        #expect(ContractStatus.differences(from: Self.arrows) == [])
    }

    @Test(arguments: ContractStatus.allCases)
    func `a contract is over exactly when nothing can happen to it any more`(status: ContractStatus) {
        #expect(status.isOver == status.isEnd)
    }

    @Test func `a party that has not approved yet is asked to`() {
        var contract = Contract.sample()
        #expect(contract.nextActions(at: .start).map(\.action) == ["approve", "revise"])
        #expect(contract.nextActions(at: .start).first?.by == [.client, .worker])
        let isApprovedByBoth = contract.approve(as: .client, at: .start)
        #expect(!isApprovedByBoth)
        #expect(contract.nextActions(at: .start).first?.by == [.worker])
    }

    @Test func `after both approvals the worker connects and the client funds, until the deadline`() throws {
        var contract = Contract.sample()
        _ = contract.approve(as: .client, at: .start)
        let isApprovedByBoth = contract.approve(as: .worker, at: .start)
        #expect(isApprovedByBoth)
        try contract.beginActivation(workerIsOnboarded: false, at: .start)
        #expect(contract.status == .pendingFreelancerKYC)
        #expect(contract.nextActions(at: .start).map(\.action) == ["revise", "connect", "fund"])
        #expect(contract.nextActions(at: .start).map(\.by) == [[.client, .worker], [.worker], [.client]])
        #expect(contract.nextActions(at: .start).allSatisfy { $0.deadline == .start + .days(7) })
    }

    @Test(arguments: [(0, false), (0, true), (100, true)])
    func `nothing is asked of the worker who is onboarded or not paid`(amount: Int64, isOnboarded: Bool)
        throws
    {
        var contract = Contract.sample(amountCents: amount)
        _ = contract.approve(as: .client, at: .start)
        _ = contract.approve(as: .worker, at: .start)
        try contract.beginActivation(workerIsOnboarded: isOnboarded, at: .start)
        #expect(contract.status == .pendingClientFunding)
        #expect(contract.nextActions(at: .start).map(\.action) == ["revise", "fund"])
    }

    @Test func `the wrong side is told so, and the right one at the wrong time what it may do`() throws {
        let contract = Contract.sample(status: .active, milestone: .funded)
        let milestone = contract.milestones[0]
        #expect(contract.nextActions(at: .start).map(\.action) == ["deliver", "release", "dispute", "end"])
        #expect(throws: ActionError.notYours(.release)) {
            try contract.require(.release, with: milestone, by: .worker, at: .start)
        }
        #expect(throws: ActionError.notNow(.fund, state: "funded", allowed: ["release", "dispute", "end"])) {
            try contract.require(.fund, with: milestone, by: .client, at: .start)
        }
        #expect(throws: ActionError.notNow(.revise, state: "active", allowed: ["deliver", "dispute", "end"])) {
            try contract.require(.revise, by: .worker, at: .start)
        }
    }

    @Test(arguments: MoneyMove.allCases)
    func `while money moves nothing else moves it`(move: MoneyMove) {
        var contract = Contract.sample(status: .active, milestone: .delivered)
        contract.mark(move)
        #expect(contract.nextActions(at: .start).isEmpty)
        #expect(throws: ActionError.moneyIsMoving(allowed: [])) {
            try contract.require(.release, with: contract.milestones[0], by: .client, at: .start)
        }
    }
}
