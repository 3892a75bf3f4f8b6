import Postgres
import ServiceKit
import SharedModels

/// Lets holds go, for a contract that is not to be paid as it stands: what a revision and an expiry share.
struct HoldRelease: Sendable {
    let database: Database
    let scheduler: Scheduler
    let book: DealBook
    let peers: any DealPeers
    let contracts = ContractStore()
    let payees = PayeeStore()

    /// The second step: has payments let go what it may hold.
    ///
    /// - Throws: `PeerRefusal` when payments keeps the money (the contract is as it was then), or cannot
    ///   answer right now; `OutboundError` when it cannot be reached.
    func letGo(of contract: Contract, for move: MoneyMove) async throws {
        for milestone in contract.milestones where milestone.moving == move && milestone.isPaid {
            do {
                _ = try await peers.cancelHold(of: milestone.id)
            } catch let refusal as PeerRefusal where refusal.code == .notFound {
                // Nobody ever began to pay.
            } catch let refusal as PeerRefusal where refusal.isFinal {
                try await keep(contract.id, marked: move)
                throw refusal
            }
        }
    }

    private func keep(_ id: ContractID, marked move: MoneyMove) async throws {
        try await database.transaction { tx in
            guard var contract = try await contracts.lock(id, in: tx), contract.isMoving(for: move) else { return }
            contract.mark(nil)
            try await book.save(&contract, in: tx)
            try await scheduler.cancel(ResumeRevision.self, key: "\(id)", in: tx)
            // The news may have come while the money was moving.
            if try await payees.wasOnboarded(contract.parties.worker, in: tx) {
                try await book.noteOnboarding(in: &contract, in: tx)
            }
        }
    }
}
