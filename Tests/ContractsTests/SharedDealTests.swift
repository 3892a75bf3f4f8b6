import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import ContractsService

/// The promise under test: messages learns whether two accounts have a deal, and nothing else.
@Suite struct SharedDealTests {
    private let nothing = SharedDeals(isLive: false, hasContract: false)

    @Test func `a negotiation is a live deal for both, and a stranger has none`() async throws {
        try await Deals.with { deals in
            let (client, worker, stranger) = (deals.client, deals.worker, AccountID.make(at: .start))
            #expect(try await deals.negotiations.deals(between: client, and: worker) == nothing)
            _ = try await deals.negotiated()
            let talking = SharedDeals(isLive: true, hasContract: false)
            #expect(try await deals.negotiations.deals(between: client, and: worker) == talking)
            #expect(try await deals.negotiations.deals(between: worker, and: client) == talking)
            #expect(try await deals.negotiations.deals(between: client, and: stranger) == nothing)
        }
    }

    @Test func `an expired contract is a contract, and no live deal`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.approved()
            #expect(
                try await deals.negotiations.deals(between: deals.worker, and: deals.client)
                    == SharedDeals(isLive: true, hasContract: true))
            deals.clock.advance(by: .days(7))
            try await deals.runScheduled("the contract expires") {
                try await deals.contracts.get(contract.id, by: deals.client).status == .expired
            }
            #expect(
                try await deals.negotiations.deals(between: deals.worker, and: deals.client)
                    == SharedDeals(isLive: false, hasContract: true))
        }
    }
}
