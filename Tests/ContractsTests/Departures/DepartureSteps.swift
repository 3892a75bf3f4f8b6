import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import ContractsService

/// - Parameter isDone: A further condition, besides the end of the deals.
func leave(
    _ account: AccountID, in deals: Deals, until isDone: () -> Bool = { true }
) async throws {
    try await deals.tell(.accountDeleted, ["user_id": .string("\(account)")])
    try await deals.runScheduled("the deals end") {
        try await DepartureStore().open(of: account, in: deals.database).isEmpty
            && isDone()
    }
}

/// Whether a move that needs both parties is still possible.
func canMove(_ negotiation: NegotiationID, in deals: Deals) async throws -> Bool {
    do {
        _ = try await deals.negotiations.propose(
            Terms(hoursPerWeek: 12), in: negotiation, by: deals.client, expecting: anyVersion)
        return true
    } catch ActionError.partyIsLeaving {
        return false
    }
}

/// Whether a dispute over a contract is refused because its worker is leaving.
func isRefused(_ contract: Contract, in deals: Deals) async throws -> Bool {
    do {
        _ = try await deals.disputes.open(.sample(contract, by: .client), by: deals.client)
        return false
    } catch ActionError.partyIsLeaving {
        return true
    }
}

// MARK: What stands in the way

extension DepartureWorkflow {
    /// Like a deletion that nobody cancels.
    func depart(_ account: AccountID) async throws -> [DeletionBlocker] {
        try await depart(account, as: .make(at: .start))
    }
}
