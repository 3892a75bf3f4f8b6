import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels

/// Reading and approving contracts.
struct ContractWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let scheduler: Scheduler
    let book: DealBook
    let peers: any DealPeers
    let contracts = ContractStore()
    let negotiations = NegotiationStore()
    let audit = AuditStore()
    let payees = PayeeStore()

    func get(_ id: ContractID, by caller: AccountID) async throws -> Contract {
        guard let contract = try await contracts.find(id, in: database),
            contract.parties.role(of: caller) != nil
        else { throw ContractError.notFound }
        return contract
    }

    /// A contract, for its parties and for admins.
    func show(_ id: ContractID, to caller: Principal) async throws -> Contract {
        guard let contract = try await contracts.find(id, in: database),
            caller.isAdmin || contract.parties.role(of: caller.accountID) != nil
        else { throw ContractError.notFound }
        return contract
    }

    /// What was posted about the money of a contract of either flow, for its parties and for admins. Only admins
    /// see what the platform holds.
    ///
    /// - Throws: ``ContractError/notFound``; `PeerRefusal` and `OutboundError` when payments cannot tell.
    func ledger(of id: ContractID, by caller: Principal) async throws -> ContractLedger {
        let contract = try await contracts.find(id, in: database)
        let hire = try await contract == nil ? HireStore().find(id, in: database) : nil
        guard let parties = contract?.parties ?? hire?.parties,
            caller.isAdmin || parties.role(of: caller.accountID) != nil
        else { throw ContractError.notFound }
        return try await peers.postings(
            about: contract?.milestones.map(\.id) ?? [], DisputeStore().ids(of: id, in: database), paidFor: hire?.id,
            isWhole: caller.isAdmin)
    }

    /// A page of an account's contracts, newest first.
    func page(
        of account: AccountID, in status: ContractStatus?, waitingForThem: Bool = false,
        after cursor: PageCursor?, limit: Int
    ) async throws -> Page<Contract> {
        try await contracts.page(
            of: account, in: status, waitingAt: waitingForThem ? clock.now : nil, after: cursor, limit: limit,
            in: database)
    }

    /// A party approves. The second approval starts the activation. A repeat changes nothing.
    ///
    /// - Returns: The contract, and for the worker the onboarding link while it is needed. The approval stands even if
    ///   payments cannot provide the link at the moment.
    func approve(
        _ id: ContractID, by caller: AccountID, expecting check: VersionCheck
    ) async throws -> (contract: Contract, connectURL: String?) {
        let (contract, role) = try await database.transaction { tx in
            var (contract, role) = try await book.lock(id, for: caller, in: tx)
            try check(contract.version)
            if contract.approvedAt(role) != nil, contract.status.isAwaitingStart { return (contract, role) }
            try contract.require(.approve, by: role, at: clock.now)
            if contract.approve(as: role, at: clock.now) {
                try await activate(&contract, by: caller, in: tx)
            } else if var negotiation = try await negotiations.lock(contract.negotiationID, in: tx) {
                // Whom it waits for is part of the negotiation as well.
                negotiation.noteApproval(of: role, at: clock.now)
                try await negotiations.save(negotiation, in: tx)
            }
            try await book.save(&contract, announcing: ContractUpdated.self, in: tx)
            return (contract, role)
        }
        return (contract, role == .worker ? try await connectURL(for: contract) : nil)
    }

    private func activate(_ contract: inout Contract, by caller: AccountID, in tx: Transaction) async throws {
        let now = clock.now
        let isOnboarded = try await payees.isOnboarded(contract.parties.worker, in: tx)
        try contract.beginActivation(workerIsOnboarded: isOnboarded, at: now)
        guard var negotiation = try await negotiations.lock(contract.negotiationID, in: tx) else {
            throw NegotiationError.notFound
        }
        let old = negotiation.state
        try negotiation.approve(at: now)
        try await audit.note(.stateChange, negotiation, from: old, by: caller, in: tx)
        try await book.save(negotiation, announcing: NegotiationUpdated.self, in: tx)
        try await scheduler.schedule(
            ExpireContract(contract.id), at: now + Contract.activationLimit, in: tx)
    }

    private func connectURL(for contract: Contract) async throws -> String? {
        guard contract.isPaid, contract.status.isAwaitingStart,
            try await !payees.wasOnboarded(contract.parties.worker, in: database)
        else { return nil }
        do {
            return try await peers.onboardingLink(of: contract.parties.worker)
        } catch is PeerRefusal, is OutboundError {
            return nil
        }
    }

    /// The worker's one-time onboarding link.
    func connectLink(_ id: ContractID, by caller: AccountID) async throws -> String {
        let contract = try await get(id, by: caller)
        guard let role = contract.parties.role(of: caller) else { throw ContractError.notFound }
        try contract.require(.connect, by: role, at: clock.now)
        return try await peers.onboardingLink(of: contract.parties.worker)
    }
}

extension ContractStatus {
    /// Neither active nor over.
    fileprivate var isAwaitingStart: Bool { self == .pendingOwnerApproval || isActivating }
}
