import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import ContractsService

/// The promise under test: a hidden review never comes back.
@Suite struct ReviewStateTests {
    @Test(arguments: ReviewStatus.allCases, ReviewEvent.allCases)
    func `every state follows the diagram`(status: ReviewStatus, event: ReviewEvent) throws {
        let next: ReviewStatus? =
            switch (status, event) {
            case (.pending, .publish): .published
            case (.pending, .hide), (.published, .hide): .hidden
            case (.published, .publish), (.hidden, .publish), (.hidden, .hide): nil
            }
        #expect(status.allows(event) == (next != nil))
        if let next {
            #expect(try status.applying(event) == next)
        } else {
            #expect(throws: IllegalMove(status, event)) { try status.applying(event) }
        }
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
