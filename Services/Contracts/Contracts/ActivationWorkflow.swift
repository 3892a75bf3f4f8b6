import Postgres
import ServiceKit
import SharedModels

/// What happens to a contract between the second approval and its activation without an action by the parties.
struct ActivationWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let book: DealBook
    let holds: HoldRelease
    let contracts = ContractStore()
    let payees = PayeeStore()

    /// The activation deadline has come. If the contract still waits, its holds are cancelled and it expires.
    ///
    /// Every step may be repeated. The scheduler repeats it until it succeeds.
    func expire(_ id: ContractID) async throws {
        let marked = try await database.transaction { tx -> Contract? in
            guard var contract = try await contracts.lock(id, in: tx), isDue(contract) else {
                return nil
            }
            guard contract.milestones.allSatisfy({ $0.moving == nil || $0.moving == .expire }) else {
                throw ActionError.moneyIsMoving(allowed: [])
            }
            contract.mark(.expire)
            try await book.save(&contract, in: tx)
            return contract
        }
        guard let marked else { return }
        try await holds.letGo(of: marked, for: .expire)
        try await database.transaction { tx in
            guard var contract = try await contracts.lock(id, in: tx), isDue(contract) else { return }
            try contract.expire()
            try await book.save(&contract, announcing: ContractUpdated.self, in: tx)
            try await book.closeNegotiation(of: contract, in: tx)
        }
    }

    private func isDue(_ contract: Contract) -> Bool {
        // A dispute, decided either way, ends with the contract.
        guard contract.status.isActivating, !contract.isDisputed, let deadline = contract.activationDeadline
        else { return false }
        return deadline <= clock.now
    }

    /// A worker must be onboarded again.
    func paused(_ worker: AccountID, in tx: Transaction) async throws { try await payees.notePaused(worker, in: tx) }

    /// A worker finished onboarding: every contract that waits for it moves on.
    func onboarded(_ worker: AccountID, in tx: Transaction) async throws {
        try await payees.noteOnboarded(worker, at: clock.now, in: tx)
        for id in try await contracts.waiting(for: worker, in: tx) {
            guard var contract = try await contracts.lock(id, in: tx) else { continue }
            try await book.noteOnboarding(in: &contract, in: tx)
        }
    }
}
