import Logging
import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels

/// Ends an active contract that both parties want to end.
///
/// With money in it this takes three steps: the money is marked as moving, payments returns it to the client, and then the
/// contract ends. The scheduler repeats a step that was lost.
struct EndWorkflow: Sendable {
    /// Longer than one attempt takes.
    static let resumeAfter = Duration.seconds(10)

    let database: Database
    let clock: any DomainClock
    let scheduler: Scheduler
    let book: DealBook
    let holds: HoldRelease
    let logger: Logger
    let contracts = ContractStore()

    /// A party agrees to end the contract as it stands. A repeat changes nothing, or joins the ending under way.
    ///
    /// - Returns: The contract. Its money is still moving when payments cannot be reached; the scheduler then ends it.
    /// - Throws: `PeerRefusal` when payments keeps the money. The contract is then as before, and nobody has agreed.
    func end(
        _ id: ContractID, note: String?, by caller: AccountID, expecting check: VersionCheck
    ) async throws -> Contract {
        let contract = try await begin(id, note: note, by: caller, expecting: check)
        guard contract.isMoving(for: .end) else { return contract }
        do {
            return try await finish(id)
        } catch let error where error.isPassing {
            logger.warning("a contract will be ended later", metadata: ["contract": "\(id)", "reason": "\(error)"])
            return contract
        }
    }

    /// The first step. Without money in the contract it is the only one.
    private func begin(
        _ id: ContractID, note: String?, by caller: AccountID, expecting check: VersionCheck
    ) async throws -> Contract {
        try await database.transaction { tx in
            var (contract, role) = try await book.lock(id, for: caller, in: tx)
            if contract.endedAt(role) != nil { return contract }
            try check(contract.version)
            try contract.require(.end, by: role, at: clock.now)
            guard contract.agreeToEnd(as: role, note: note, at: clock.now) else {
                try await book.save(&contract, announcing: ContractUpdated.self, in: tx)
                return contract
            }
            guard contract.milestones.contains(where: { $0.isPaid && $0.status != .released }) else {
                return try await conclude(contract, in: tx)
            }
            contract.mark(.end)
            try await book.save(&contract, in: tx)
            try await scheduler.schedule(ResumeEnd(id), at: clock.now + Self.resumeAfter, in: tx)
            return contract
        }
    }

    /// The second and the third step.
    @discardableResult
    func finish(_ id: ContractID) async throws -> Contract {
        guard let begun = try await contracts.find(id, in: database) else { throw ContractError.notFound }
        try await holds.letGo(of: begun, for: .end)
        return try await database.transaction { tx in
            guard let contract = try await contracts.lock(id, in: tx) else { throw ContractError.notFound }
            // Another process has finished it.
            guard contract.isMoving(for: .end) else { return contract }
            return try await conclude(contract, in: tx)
        }
    }

    private func conclude(_ before: Contract, in tx: Transaction) async throws -> Contract {
        var contract = before
        for milestone in try contract.end() { try await contracts.delete(milestone, in: tx) }
        try await book.end(&contract, in: tx)
        try await scheduler.cancel(ResumeEnd(contract.id), in: tx)
        return contract
    }
}
