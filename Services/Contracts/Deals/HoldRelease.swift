import Postgres
import ServiceKit
import SharedModels

/// Returns the money of milestones that will not be paid as they stand: cancels holds, and refunds what was captured.
/// Revision, expiry, the end of a contract and the withdrawal of a milestone share it.
struct HoldRelease: Sendable {
    let database: Database
    let scheduler: Scheduler
    let book: DealBook
    let peers: any DealPeers
    let contracts = ContractStore()
    let payees = PayeeStore()

    /// The second step: has payments cancel the holds.
    ///
    /// - Throws: `PeerRefusal` when payments keeps the money (the contract is then as before) or cannot answer at the
    ///   moment; `OutboundError` when it cannot be reached.
    func letGo(of contract: Contract, for move: MoneyMove) async throws {
        for milestone in contract.milestones where milestone.moving == move && milestone.isPaid {
            do {
                _ = try await peers.cancelHold(of: milestone.id)
            } catch let refusal as PeerRefusal where refusal.code == .notFound {
                // Payments knows no payment, because the client never began to pay.
            } catch let refusal as PeerRefusal where refusal.isFinal {
                try await keep(contract.id, marked: move)
                throw refusal
            }
        }
    }

    private func keep(_ id: ContractID, marked move: MoneyMove) async throws {
        try await database.transaction { tx in
            guard var contract = try await contracts.lock(id, in: tx), contract.isMoving(for: move) else { return }
            for milestone in contract.milestones where milestone.moving == .withdraw && move == .withdraw {
                try await scheduler.cancel(ResumeWithdrawal(milestone.id), in: tx)
            }
            contract.unmark(move)
            if move == .end { contract.takeBackEnd() }
            try await book.save(&contract, in: tx)
            try await scheduler.cancel(ResumeRevision.self, key: "\(id)", in: tx)
            try await scheduler.cancel(ResumeEnd(id), in: tx)
            // The news may have come while the money was moving.
            if try await payees.wasOnboarded(contract.parties.worker, in: tx) {
                try await book.noteOnboarding(in: &contract, in: tx)
            }
        }
    }
}
