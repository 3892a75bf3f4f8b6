import Postgres
import ServiceKit
import SharedModels

/// The changes of a deal in our own database. Each is made in the caller's transaction, on locked rows, under a new
/// version, together with its log entry, its scheduled work and its event.
struct DealBook: Sendable {
    let clock: any DomainClock
    let outbox: Outbox
    let scheduler: Scheduler

    let negotiations = NegotiationStore()
    let audit = AuditStore()
    let contracts = ContractStore()
    let disputes = DisputeStore()
    let departures = DepartureStore()
}

// Locks, always in this order: the negotiation, its contract, a dispute about it.
extension DealBook {
    /// Locks a contract for one of its parties.
    ///
    /// - Throws: ``ContractError/notFound``, also for a stranger; ``ActionError/partyIsLeaving`` while the contract can
    ///   still change.
    func lock(
        _ id: ContractID, for caller: AccountID, in tx: Transaction
    ) async throws -> (Contract, PartyRole) {
        guard let contract = try await contracts.lock(id, in: tx), let role = contract.parties.role(of: caller)
        else { throw ContractError.notFound }
        if !contract.status.isOver { try await requireStaying(contract.parties, in: tx) }
        return (contract, role)
    }

    /// Locks a dispute with its contract.
    ///
    /// - Throws: ``DisputeError/notFound``.
    func lock(_ id: DisputeID, in tx: Transaction) async throws -> (Dispute, Contract) {
        guard let known = try await disputes.find(id, in: tx),
            let contract = try await contracts.lock(known.contractID, in: tx),
            let dispute = try await disputes.lock(id, in: tx)
        else { throw DisputeError.notFound }
        return (dispute, contract)
    }

    /// A dispute with its contract, for reading only.
    ///
    /// - Throws: ``DisputeError/notFound``.
    func find(_ id: DisputeID, in executor: some SQLExecutor) async throws -> (Dispute, Contract) {
        guard let dispute = try await disputes.find(id, in: executor),
            let contract = try await contracts.find(dispute.contractID, in: executor)
        else { throw DisputeError.notFound }
        return (dispute, contract)
    }

    /// Refuses when a party is leaving, and keeps both from leaving until the transaction ends.
    ///
    /// - Throws: ``ActionError/partyIsLeaving``.
    func requireStaying(_ parties: Parties, in tx: Transaction) async throws {
        guard try await departures.standing(of: parties, at: clock.now, in: tx) == nil else {
            throw ActionError.partyIsLeaving
        }
    }
}

// Negotiations. Their moves raise the version themselves.
extension DealBook {
    /// Saves a changed negotiation and tells both parties.
    func save<E: Event>(
        _ negotiation: Negotiation, announcing event: E.Type, in tx: Transaction
    ) async throws where E.Content == NegotiationView {
        try await negotiations.save(negotiation, in: tx)
        try await announce(event, negotiation, in: tx)
    }

    func announce<E: Event>(
        _ event: E.Type, _ negotiation: Negotiation, in tx: Transaction
    ) async throws where E.Content == NegotiationView {
        try await outbox.append(
            Announcement(
                event, of: negotiation.id, sequence: negotiation.version, to: negotiation.parties.all,
                negotiation.view(for: nil), at: negotiation.updatedAt),
            in: tx)
    }

    /// Ends a negotiation without an agreement, together with the contract that a revision left waiting.
    ///
    /// - Parameters:
    ///   - actor: `nil` for the system, at a deadline.
    ///   - payload: More for the log.
    func expire(
        _ before: Negotiation, by end: NegotiationEnd, of actor: AccountID?, payload: JSONValue = [:],
        in tx: Transaction
    ) async throws -> Negotiation {
        var negotiation = before
        try negotiation.expire(by: end, at: clock.now)
        try await audit.note(.stateChange, negotiation, from: before.state, by: actor, payload: payload, in: tx)
        try await save(negotiation, announcing: NegotiationUpdated.self, in: tx)
        if let contractID = negotiation.contractID, var contract = try await contracts.lock(contractID, in: tx) {
            // Nobody can approve it any more.
            try contract.move(.cancel)
            try await save(&contract, announcing: ContractUpdated.self, in: tx)
        }
        return negotiation
    }

    /// Closes the negotiation of a contract that is over, so that a new one may begin.
    func closeNegotiation(of contract: Contract, in tx: Transaction) async throws {
        guard var negotiation = try await negotiations.lock(contract.negotiationID, in: tx) else { return }
        negotiation.close(at: clock.now)
        try await negotiations.save(negotiation, in: tx)
    }
}

// Contracts, with their milestones. Each save raises the version, so every event has its own sequence.
extension DealBook {
    /// Saves a changed contract without an event.
    func save(_ contract: inout Contract, in tx: Transaction) async throws {
        contract.touch(at: clock.now)
        try await contracts.save(&contract, in: tx)
    }

    /// Saves a changed contract and tells both parties.
    func save<E: Event>(
        _ contract: inout Contract, announcing event: E.Type, in tx: Transaction
    ) async throws where E.Content == ContractNews {
        try await save(&contract, in: tx)
        try await announce(event, contract, in: tx)
    }

    func announce<E: Event>(
        _ event: E.Type, _ contract: Contract, in tx: Transaction
    ) async throws where E.Content == ContractNews {
        try await outbox.append(
            Announcement(
                event, of: contract.id, sequence: contract.version, to: contract.parties.all,
                ContractNews(contract.view(for: nil, at: clock.now)), at: contract.updatedAt),
            in: tx)
    }

    /// Saves a contract after `milestone` changed, and sends an event about the milestone.
    ///
    /// The event belongs to the contract, so that it comes in order with `contract.updated`.
    /// - Parameter recipients: Both parties when `nil`.
    func save<E: Event>(
        _ contract: inout Contract, announcing event: E.Type, of milestone: MilestoneID,
        to recipients: [AccountID]? = nil, in tx: Transaction
    ) async throws where E.Content == MilestoneNews {
        try await save(&contract, in: tx)
        try await outbox.append(
            Announcement(
                event, of: contract.id, sequence: contract.version, to: recipients ?? contract.parties.all,
                contract.news(of: milestone, at: clock.now), at: contract.updatedAt),
            in: tx)
    }

    /// Moves a contract whose worker has finished onboarding. While its money is moving the contract stays, because the
    /// next state depends on the money.
    func noteOnboarding(in contract: inout Contract, in tx: Transaction) async throws {
        guard contract.status.awaitsOnboarding, contract.isStill else { return }
        try contract.workerOnboarded()
        try await save(&contract, announcing: ContractUpdated.self, in: tx)
    }

    /// Ends a contract whose milestones are all released, and its negotiation.
    func completeIfReleased(_ contract: inout Contract, in tx: Transaction) async throws {
        guard contract.milestones.allSatisfy({ $0.status == .released }) else { return }
        try contract.move(.complete)
        try await end(&contract, in: tx)
    }

    /// Saves a contract that is over, announces it and closes its negotiation.
    func end(_ contract: inout Contract, in tx: Transaction) async throws {
        try await save(&contract, announcing: ContractUpdated.self, in: tx)
        try await scheduler.cancel(ExpireContract(contract.id), in: tx)
        try await closeNegotiation(of: contract, in: tx)
    }
}

// Disputes. Their moves raise the version themselves.
extension DealBook {
    /// Saves a changed dispute, and a new version of its contract, because the contract shows the dispute's actions.
    func save(_ dispute: Dispute, of contract: inout Contract, in tx: Transaction) async throws {
        try await disputes.save(dispute, in: tx)
        try await save(&contract, in: tx)
    }
}
