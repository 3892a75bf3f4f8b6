import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels

/// Takes a milestone that is not funded out of its contract.
///
/// The client may have begun to pay for it. So this takes three steps: the milestone is marked as moving, payments cancels
/// the payment, and then the milestone is removed. The scheduler repeats a step that was lost.
struct WithdrawalWorkflow: Sendable {
    /// Longer than one attempt takes.
    static let resumeAfter = Duration.seconds(10)

    let database: Database
    let clock: any DomainClock
    let scheduler: Scheduler
    let book: DealBook
    let holds: HoldRelease
    let contracts = ContractStore()

    /// The client withdraws a milestone. A repeat joins the withdrawal under way.
    ///
    /// - Throws: `PeerRefusal` when payments keeps the money: the milestone is then as before. `PeerRefusal` or
    ///   `OutboundError` when payments cannot cancel a payment at the moment: the scheduler tries again.
    func withdraw(
        _ id: MilestoneID, of contractID: ContractID, by caller: AccountID, expecting check: VersionCheck
    ) async throws {
        let isBegun = try await database.transaction { tx in
            var (contract, role) = try await book.lock(contractID, for: caller, in: tx)
            let milestone = try contract.milestone(id)
            if role == .client, milestone.moving == .withdraw { return true }
            try check(contract.version)
            try contract.require(.withdraw, with: milestone, by: role, at: clock.now)
            guard milestone.isPaid else {
                try await remove(id, from: contract, in: tx)
                return false
            }
            try contract.change(id) { $0.moving = .withdraw }
            try await book.save(&contract, in: tx)
            try await scheduler.schedule(ResumeWithdrawal(id), at: clock.now + Self.resumeAfter, in: tx)
            return true
        }
        if isBegun { try await finish(id) }
    }

    /// The second and the third step. Does nothing when the milestone is gone, or stays after all.
    func finish(_ id: MilestoneID) async throws {
        guard let contractID = try await contracts.contract(of: id, in: database),
            let begun = try await contracts.find(contractID, in: database)
        else { return }
        try await holds.letGo(of: begun, for: .withdraw)
        try await database.transaction { tx in
            guard let contract = try await contracts.lock(contractID, in: tx),
                contract.milestones.contains(where: { $0.id == id && $0.moving == .withdraw })
            else { return }
            try await remove(id, from: contract, in: tx)
        }
    }

    private func remove(_ id: MilestoneID, from before: Contract, in tx: Transaction) async throws {
        var contract = before
        contract.withdraw(id)
        try await contracts.delete(id, in: tx)
        try await scheduler.cancel(ResumeWithdrawal(id), in: tx)
        if contract.milestones.allSatisfy({ $0.status == .released }) {
            try await book.completeIfReleased(&contract, in: tx)
        } else {
            try await book.save(&contract, announcing: ContractUpdated.self, in: tx)
        }
    }
}
