import ServiceKit
import TestSupport
import Testing

@testable import ContractsService
@testable import SharedModels

/// The promise under test: a contract's postings are for its parties and for admins, and only admins see all of them.
@Suite struct ContractLedgerTests {

    @Test func `the parties see the postings of their milestones and disputes`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.delivered()
            let dispute = try await deals.disputed(contract)
            for account in [deals.client, deals.worker] {
                _ = try await deals.contracts.ledger(of: contract.id, by: .sample(account))
            }
            let asked = deals.peers.current.ledgersAsked
            #expect(asked.count == 2 && asked.allSatisfy { !$0.isWhole })
            #expect(asked.first?.milestoneIDs == contract.milestones.map(\.id))
            #expect(asked.first?.disputeIDs == [dispute.id])
        }
    }

    @Test func `a contract is shown to its parties and to admins, to whom it is nothing to do`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            let stranger = AccountID.make(at: .start)
            for reader in [Principal.sample(deals.client), .sample(deals.worker), .sample(stranger, isAdmin: true)] {
                #expect(try await deals.contracts.show(contract.id, to: reader).id == contract.id)
            }
            await #expect(throws: ContractError.notFound) {
                try await deals.contracts.show(contract.id, to: .sample(stranger))
            }
            await #expect(throws: ContractError.notFound) {
                try await deals.contracts.get(contract.id, by: stranger)
            }
        }
    }

    @Test func `a stranger sees nothing, an admin everything`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            let stranger = AccountID.make(at: .start)
            await #expect(throws: ContractError.notFound) {
                _ = try await deals.contracts.ledger(of: contract.id, by: .sample(stranger))
            }
            await #expect(throws: ContractError.notFound) {
                _ = try await deals.contracts.ledger(of: .make(at: .start), by: .sample(deals.client))
            }
            #expect(deals.peers.current.ledgersAsked.isEmpty)
            _ = try await deals.contracts.ledger(of: contract.id, by: .sample(stranger, isAdmin: true))
            #expect(deals.peers.current.ledgersAsked.map(\.isWhole) == [true])
        }
    }

    @Test func `a contract of Skillhouse shows its payment to its parties and to admins`() async throws {
        try await Deals.with { deals in
            let hire = try await deals.startedHire()
            for account in [deals.client, deals.worker] {
                _ = try await deals.contracts.ledger(of: hire.id, by: .sample(account))
            }
            let asked = deals.peers.current.ledgersAsked
            #expect(asked.map(\.contractID) == [hire.id, hire.id] && asked.allSatisfy { !$0.isWhole })
            await #expect(throws: ContractError.notFound) {
                _ = try await deals.contracts.ledger(of: hire.id, by: .sample(.make(at: .start)))
            }
        }
    }
}
