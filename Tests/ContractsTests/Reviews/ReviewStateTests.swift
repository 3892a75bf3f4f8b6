import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import ContractsService

/// The promise under test: a hidden review never comes back.
@Suite struct ReviewStateTests {
    static let arrows: [ReviewStatus: [ReviewEvent: ReviewStatus]] = [
        .pending: [.publish: .published, .hide: .hidden],
        .published: [.hide: .hidden],
    ]

    @Test func `every status takes the events of the diagram and refuses the rest`() {
        #expect(ReviewStatus.differences(from: Self.arrows) == [])
    }

    @Test(arguments: ContractStatus.allCases)
    func `only a completed contract is reviewed, once by each party`(status: ContractStatus) {
        var contract = Contract.sample(status: status, milestone: .released)
        #expect(contract.actors(of: .review) == (status == .completed ? [.client, .worker] : []))
        contract.noteReview(of: .client, at: .start)
        #expect(contract.actors(of: .review) == (status == .completed ? [.worker] : []))
        contract.noteReview(of: .worker, at: .start)
        #expect(contract.actors(of: .review).isEmpty)
    }
}
