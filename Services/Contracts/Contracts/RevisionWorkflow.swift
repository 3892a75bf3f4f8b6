import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels

/// Withdraws both approvals and reopens the negotiation.
///
/// If the client may have paid already, this takes three steps: the money is marked as moving, payments cancels the
/// holds, and then the contract changes. The scheduler repeats a step that was lost.
struct RevisionWorkflow: Sendable {
    /// Longer than one attempt takes.
    static let resumeAfter = Duration.seconds(10)

    let database: Database
    let clock: any DomainClock
    let scheduler: Scheduler
    let book: DealBook
    let holds: HoldRelease
    let contracts = ContractStore()
    let negotiations = NegotiationStore()
    let audit = AuditStore()

    /// A party wants other terms. A repeat while the holds are being cancelled joins the revision under way.
    ///
    /// - Throws: `PeerRefusal` or `OutboundError` when payments cannot cancel a hold at the moment. The scheduler tries
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
            // Runs even when a party is leaving, because a revision that was begun must end.
            guard let contract = try await contracts.lock(id, in: tx) else {
                throw ContractError.notFound
            }
            // Another process has finished it.
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
