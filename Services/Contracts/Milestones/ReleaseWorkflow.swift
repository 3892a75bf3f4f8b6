import Logging
import Postgres
import ServiceKit
import SharedModels

/// Releases a milestone's money in three steps: the milestone is marked as moving, payments releases the money, and
/// then the milestone is released. The scheduler repeats a step that was lost, so every release that was begun ends.
struct ReleaseWorkflow: Sendable {
    /// Longer than one attempt takes.
    static let resumeAfter = Duration.seconds(10)

    let database: Database
    let clock: any DomainClock
    let scheduler: Scheduler
    let book: DealBook
    let peers: any DealPeers
    let logger: Logger
    let contracts = ContractStore()

    /// The client releases. A repeat joins the release under way, and gets the same answer once it has ended.
    ///
    /// - Throws: `PeerRefusal` when payments refuses. The milestone is then as before.
    func release(
        _ id: MilestoneID, of contractID: ContractID, by caller: AccountID,
        expecting check: VersionCheck = { _ in }
    ) async throws -> Release {
        let milestone = try await begin(id, of: contractID, by: caller, expecting: check)
        if let released = milestone.released { return released }
        do {
            return try await finish(id, of: contractID)
        } catch let error where error.isPassing {
            logger.warning(
                "a release will be finished later", metadata: ["milestone": "\(id)", "reason": "\(error)"])
            // Payments never announced the figures, so there is no answer to give.
            guard let answer = milestone.releasing else { throw error }
            return answer
        }
    }

    /// The first step. For unpaid work it is the only one.
    private func begin(
        _ id: MilestoneID, of contractID: ContractID, by caller: AccountID, expecting check: VersionCheck
    ) async throws -> Milestone {
        try await database.transaction { tx in
            var (contract, role) = try await book.lock(contractID, for: caller, in: tx)
            let milestone = try contract.milestone(id)
            if role == .client, milestone.status == .released || milestone.moving == .release {
                return milestone
            }
            try check(contract.version)
            try contract.require(.release, with: milestone, by: role, at: clock.now)
            return try await start(by: .client, id, of: &contract, in: tx)
        }
    }

    /// Marks the milestone of a locked contract as being released. Unpaid work is released then.
    func start(
        by cause: ReleaseCause, _ id: MilestoneID, of contract: inout Contract, in tx: Transaction
    ) async throws -> Milestone {
        if try contract.milestone(id).isPaid {
            try contract.change(id) { $0.beginRelease(by: cause) }
            try await book.save(&contract, in: tx)
            try await scheduler.schedule(
                ResumeRelease(milestone: id, contract: contract.id), at: clock.now + Self.resumeAfter, in: tx)
        } else {
            try await complete(.nothing, by: cause, id, of: &contract, in: tx)
        }
        return try contract.milestone(id)
    }

    /// The second and the third step.
    ///
    /// - Throws: `PeerRefusal`, `OutboundError` and ``NotReleasedYet``. After a final refusal the milestone is as
    ///   before.
    func finish(_ id: MilestoneID, of contractID: ContractID) async throws -> Release {
        let escrow: EscrowView
        do {
            escrow = try await peers.release(id)
        } catch let refusal as PeerRefusal where refusal.isFinal {
            if let released = try await giveUp(id, of: contractID).released { return released }
            throw refusal
        }
        guard escrow.state == .released || escrow.state == .paid else {
            throw NotReleasedYet(state: escrow.state)
        }
        return try await database.transaction { tx in
            guard var contract = try await contracts.lock(contractID, in: tx) else {
                throw ContractError.notFound
            }
            // Another process has finished it.
            let milestone = try contract.milestone(id)
            if let released = milestone.released { return released }
            let payout = Payout(escrow, of: milestone.amount)
            try await complete(payout, by: milestone.releasedBy ?? .client, id, of: &contract, in: tx)
            guard let released = try contract.milestone(id).released else { throw MilestoneError.notFound }
            return released
        }
    }

    private func complete(
        _ payout: Payout, by cause: ReleaseCause, _ id: MilestoneID, of contract: inout Contract, in tx: Transaction
    ) async throws {
        try contract.change(id) { try $0.release(payout, by: cause, at: clock.now) }
        try await book.save(&contract, announcing: MilestoneReleased.self, of: id, in: tx)
        try await scheduler.cancel(ResumeRelease.self, key: "\(id)", in: tx)
        try await scheduler.cancel(ReleaseUndisputed(id), in: tx)
        try await scheduler.cancel(RemindOfRelease(id), in: tx)
        try await book.completeIfReleased(&contract, in: tx)
    }

    /// Payments refused, so other actions may move the money again.
    private func giveUp(_ id: MilestoneID, of contractID: ContractID) async throws -> Milestone {
        try await database.transaction { tx in
            guard var contract = try await contracts.lock(contractID, in: tx) else {
                throw ContractError.notFound
            }
            guard try contract.milestone(id).moving == .release else { return try contract.milestone(id) }
            try contract.change(id) { $0.giveUpRelease() }
            try await book.save(&contract, in: tx)
            try await scheduler.cancel(ResumeRelease.self, key: "\(id)", in: tx)
            return try contract.milestone(id)
        }
    }
}

/// Payments accepted the release but has not finished it.
struct NotReleasedYet: PassingError {
    let state: EscrowState
}
