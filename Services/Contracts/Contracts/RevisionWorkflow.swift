import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels

/// Takes both approvals back and opens the negotiation again.
///
/// When the client may have paid already this is done in three steps: the money is marked as moving,
/// payments lets the holds go, and then the contract changes. A step that was lost is made up by the
/// scheduler.
struct RevisionWorkflow: Sendable {
    /// Longer than one attempt lasts.
    static let resumeAfter = Duration.seconds(10)

    let database: Database
    let clock: any DomainClock
    let scheduler: Scheduler
    let book: DealBook
    let holds: HoldRelease
    let contracts = ContractStore()
    let negotiations = NegotiationStore()
    let audit = AuditStore()

    /// A party wants other terms. Repeating it while the holds are being let go joins what was begun.
    ///
    /// - Throws: `PeerRefusal` or `OutboundError` when payments cannot let a hold go right now: it is tried
    ///   again.
    func revise(
        _ id: ContractID, notes: String, by caller: AccountID, expecting check: VersionCheck
    ) async throws -> Contract {
        let contract = try await database.transaction { tx in
            var (contract, role) = try await book.lock(id, for: caller, in: tx)
            if contract.isMoving(for: .revise) { return contract }
            try check(contract.version)
            try contract.require(.revise, by: role, at: clock.now)
            guard contract.status.isActivating, contract.isPaid else {
                return try await reopen(contract, notes: notes, by: caller, in: tx)
            }
            contract.mark(.revise)
            try await book.save(&contract, in: tx)
            try await scheduler.schedule(
                ResumeRevision(contract: id, notes: notes, caller: caller), at: clock.now + Self.resumeAfter, in: tx)
            return contract
        }
        guard contract.isMoving(for: .revise) else { return contract }
        return try await finish(id, notes: notes, by: caller)
    }

    /// The second and the third step.
    func finish(_ id: ContractID, notes: String, by caller: AccountID) async throws -> Contract {
        guard let begun = try await contracts.find(id, in: database) else {
            throw ContractError.notFound
        }
        try await holds.letGo(of: begun, for: .revise)
        return try await database.transaction { tx in
            // Also for who is leaving: what was begun ends.
            guard let contract = try await contracts.lock(id, in: tx) else {
                throw ContractError.notFound
            }
            // Somebody else has finished it.
            guard contract.isMoving(for: .revise) else { return contract }
            return try await reopen(contract, notes: notes, by: caller, in: tx)
        }
    }

    private func reopen(
        _ before: Contract, notes: String, by caller: AccountID, in tx: Transaction
    ) async throws -> Contract {
        var contract = before
        try contract.reopen(notes: notes)
        guard var negotiation = try await negotiations.lock(contract.negotiationID, in: tx) else {
            throw NegotiationError.notFound
        }
        let old = negotiation.state
        try negotiation.reopen(at: clock.now)
        try await audit.note(
            .stateChange, negotiation, from: old, by: caller, payload: ["notes": .string(notes)], in: tx)
        try await book.save(&contract, announcing: ContractUpdated.self, in: tx)
        try await book.save(negotiation, announcing: NegotiationUpdated.self, in: tx)
        try await scheduler.cancel(ExpireContract(contract.id), in: tx)
        try await scheduler.schedule(
            ExpireNegotiation(negotiation.id), at: clock.now + IdleWorkflow.limit, in: tx)
        try await scheduler.cancel(ResumeRevision.self, key: "\(contract.id)", in: tx)
        return contract
    }
}
