import Postgres
import ServiceKit
import SharedModels

/// Letting holds go, for a contract that is not to be paid as it stands: what a revision and an expiry share.
extension DealContext {
    /// The second step: has payments let go what it may hold.
    ///
    /// - Throws: `PeerRefusal` when payments keeps the money (the contract is as it was then), or cannot
    ///   answer right now; `OutboundError` when it cannot be reached.
    func letHoldsGo(of contract: Contract, for move: MoneyMove) async throws {
        for milestone in contract.milestones where milestone.moving == move && milestone.amountCents > 0 {
            do {
                _ = try await peers.cancelHold(of: milestone.id)
            } catch let refusal as PeerRefusal where refusal.code == .notFound {
                // Nobody ever began to pay.
            } catch let refusal as PeerRefusal where refusal.isFinal {
                try await keepHolds(of: contract.id, marked: move)
                throw refusal
            }
        }
    }

    private func keepHolds(of id: ContractID, marked move: MoneyMove) async throws {
        try await database.transaction { tx in
            guard var contract = try await contracts.lock(id, in: tx),
                contract.milestones.contains(where: { $0.moving == move })
            else { return }
            contract.mark(nil)
            contract.touch(at: clock.now)
            try await contracts.update(contract, in: tx)
            try await scheduler.cancel(RevisionWorkflow.resumption, key: "\(id)", in: tx)
            // It may have come while the money was moving.
            if try await payees.wasOnboarded(contract.parties.worker, in: tx) {
                try await noteOnboarding(in: &contract, in: tx)
            }
        }
    }

    /// The worker is onboarded: moves a contract that waits for it. While its money is moving it stays,
    /// since where it would go depends on the money.
    func noteOnboarding(in contract: inout Contract, in tx: Transaction) async throws {
        guard contract.status.awaitsOnboarding, contract.milestones.allSatisfy({ $0.moving == nil }) else {
            return
        }
        try contract.workerOnboarded()
        try await save(&contract, announcing: .contractUpdated, in: tx)
    }

    /// Whether a milestone's hold must be captured before it lapses: its contract is at work, or a dispute is to say
    /// whose the money is. A contract that is not active by its deadline lets the hold go, which comes first.
    ///
    /// - Throws: ``ContractsError/contractNotFound`` for an unknown milestone.
    func needsHold(_ id: MilestoneID) async throws -> Bool {
        guard let contractID = try await contracts.contract(of: id, in: database),
            let contract = try await contracts.find(contractID, in: database)
        else { throw ContractsError.contractNotFound }
        return contract.status == .active || contract.isDisputed
    }
}
