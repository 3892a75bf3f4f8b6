import Logging
import Postgres
import ServiceKit
import SharedModels

/// What every workflow of this service works with.
struct DealContext: Sendable {
    let database: Database
    let clock: any DomainClock
    let outbox: Outbox
    let inbox: Inbox
    let scheduler: Scheduler
    let peers: any DealPeers
    /// The platform's share, in hundredths of a percent; for figures that are shown before payments has
    /// told them.
    let feeBasisPoints: Int64
    let logger: Logger

    let negotiations = NegotiationStore()
    let contracts = ContractStore()
    let payees = PayeeStore()
    let disputes = DisputeStore()
    let evidence = EvidenceStore()
    let reviews = ReviewStore()
    let departures = DepartureStore()
}

extension DealContext {
    /// Saves a changed negotiation and tells both parties.
    func save(_ negotiation: Negotiation, announcing name: EventName, in tx: Transaction) async throws {
        try await negotiations.update(negotiation, in: tx)
        try await announce(negotiation, name, in: tx)
    }

    func announce(_ negotiation: Negotiation, _ name: EventName, in tx: Transaction) async throws {
        try await outbox.append(
            try Event(
                name, of: negotiation.id, sequence: negotiation.version, to: negotiation.parties.all,
                data: negotiation.view(for: nil), at: negotiation.updatedAt),
            in: tx)
    }

    /// Saves a changed contract, its milestones included, and tells both parties.
    ///
    /// - Parameter contract: Its version is raised: every event has a sequence of its own.
    func save(_ contract: inout Contract, announcing name: EventName, in tx: Transaction) async throws {
        contract.touch(at: clock.now)
        try await contracts.update(contract, in: tx)
        try await announce(contract, name, in: tx)
    }

    func announce(_ contract: Contract, _ name: EventName, in tx: Transaction) async throws {
        try await outbox.append(
            try Event(
                name, of: contract.id, sequence: contract.version, to: contract.parties.all,
                data: contract.view(for: nil, at: clock.now), at: contract.updatedAt),
            in: tx)
    }

    /// Ends a contract whose milestones are all released, and its negotiation.
    func completeIfReleased(_ contract: inout Contract, in tx: Transaction) async throws {
        guard contract.milestones.allSatisfy({ $0.status == .released }) else { return }
        try contract.move(.complete)
        try await end(&contract, in: tx)
    }

    /// Saves a contract that is over, announces it and closes its negotiation.
    func end(_ contract: inout Contract, in tx: Transaction) async throws {
        try await save(&contract, announcing: .contractUpdated, in: tx)
        try await scheduler.cancel(ActivationWorkflow.deadline, key: "\(contract.id)", in: tx)
        guard var negotiation = try await negotiations.lock(contract.negotiationID, in: tx) else { return }
        negotiation.close(at: clock.now)
        try await negotiations.update(negotiation, in: tx)
    }

    /// Saves a contract of which `milestone` has changed, and tells both parties of the milestone.
    ///
    /// The event belongs to the contract, so that it comes in order with `contract.updated`.
    func save(
        _ contract: inout Contract, announcing name: EventName, of milestone: MilestoneID, in tx: Transaction
    ) async throws {
        contract.touch(at: clock.now)
        try await contracts.update(contract, in: tx)
        try await outbox.append(
            try Event(
                name, of: contract.id, sequence: contract.version, to: contract.parties.all,
                data: contract.news(of: milestone, at: clock.now), at: contract.updatedAt),
            in: tx)
    }
}
