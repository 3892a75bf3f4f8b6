import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import ContractsService

/// The promise under test: a milestone is released once, and only when its money is held.
@Suite struct MilestoneStateTests {
    /// The whole diagram. Every other move is refused.
    static let arrows: [MilestoneStatus: [MilestoneEvent: MilestoneStatus]] = [
        .pending: [.fund: .funded],
        .funded: [.lapse: .pending, .deliver: .delivered, .release: .released],
        .delivered: [.lapse: .pending, .release: .released],
    ]

    @Test func `every status takes the events of the diagram and refuses the rest`() {
        #expect(MilestoneStatus.differences(from: Self.arrows) == [])
    }

    @Test(arguments: ContractStatus.allCases, MilestoneStatus.allCases)
    func `what may be done with a milestone follows from both states`(
        contract: ContractStatus, milestone: MilestoneStatus
    ) {
        let contract = Contract.sample(status: contract, milestone: milestone)
        let expected: [String] =
            switch (contract.status, milestone) {
            case (.pendingFreelancerKYC, .pending), (.pendingClientFunding, .pending),
                (.pendingBoth, .pending),
                (.active, .pending):
                ["fund"]
            case (.active, .funded): ["deliver", "release", "dispute"]
            case (.active, .delivered): ["release", "dispute"]
            case (.pendingFreelancerKYC, .funded), (.pendingFreelancerKYC, .delivered): ["dispute"]
            default: []
            }
        #expect(contract.nextActions(with: contract.milestones[0], at: .start).map(\.action) == expected)
    }

    @Test func `a later milestone is funded only after the earlier ones are released`() throws {
        var contract = Contract.sample(status: .active, milestone: .delivered)
        contract.milestones.append(.sample(position: 2))
        #expect(contract.actors(of: .fund, with: contract.milestones[1], at: .start).isEmpty)
        try contract.milestones[0].release(.nothing, by: .client, at: .start)
        #expect(contract.actors(of: .fund, with: contract.milestones[1], at: .start) == [.client])
    }
}
