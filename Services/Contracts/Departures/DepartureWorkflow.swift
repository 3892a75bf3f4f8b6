import Logging
import Postgres
import ServiceKit
import SharedModels

/// An account leaves the marketplace (decision 0014).
///
/// While auth deletes it, it is kept out of every move; once it is gone, its deals end.
struct DepartureWorkflow: Sendable {
    /// Until deals that could not end yet are looked at again.
    static let pause = Duration.minutes(1)

    let database: Database
    let clock: any DomainClock
    let scheduler: Scheduler
    let book: DealBook
    let logger: Logger
    let departures = DepartureStore()
    let negotiations = NegotiationStore()
    let contracts = ContractStore()

    /// Keeps an account out of every move for ``ContractsInternal/reservation``, unless something is open.
    ///
    /// - Parameter id: Of the deletion: each keeps the account out by itself.
    /// - Returns: What is open; nothing when the account is kept out now.
    func depart(_ account: AccountID, as id: DepartureID) async throws -> [DeletionBlocker] {
        try await database.transaction { tx in
            try await departures.lock(account, in: tx)
            let blockers = try await departures.blockers(of: account, in: tx)
            if blockers.isEmpty {
                let now = clock.now
                try await departures.reserve(
                    account, for: id, at: now, until: now + ContractsInternal.reservation, in: tx)
            }
            return blockers
        }
    }

    func stay(_ account: AccountID, insteadOf id: DepartureID) async throws {
        try await departures.stay(account, insteadOf: id, in: database)
    }

    /// Auth has deleted the account.
    func left(_ account: AccountID, in tx: Transaction) async throws {
        try await departures.lock(account, in: tx)
        try await departures.leave(account, at: clock.now, in: tx)
        try await scheduler.schedule(EndDeals(account), at: clock.now, in: tx)
    }

    /// Ends what is open of an account that is gone, each deal by itself.
    ///
    /// A deal whose money is moving or disputed, which the reservation keeps from happening, is left to end
    /// as it began, and looked at again.
    func endDeals(of account: AccountID) async throws -> ScheduledOutcome {
        try await departures.eraseContacts(of: account, in: database)
        var remaining = 0
        for id in try await departures.open(of: account, in: database)
        where try await !end(id) { remaining += 1 }
        guard remaining > 0 else { return .done }
        logger.error(
            "deals of a deleted account cannot end yet",
            metadata: ["account": "\(account)", "deals": "\(remaining)"])
        return .again(at: clock.now + Self.pause)
    }

    /// - Returns: Whether the deal is over.
    private func end(_ id: NegotiationID) async throws -> Bool {
        try await database.transaction { tx in
            guard let negotiation = try await negotiations.lock(id, in: tx),
                negotiation.closedAt == nil
            else { return true }
            guard negotiation.state.allows(.leave) else { return try await cancel(negotiation, in: tx) }
            _ = try await book.expire(negotiation, by: .leave, of: nil, in: tx)
            return true
        }
    }

    /// Ends the contract of an approved negotiation, and has what may still come in for it let go.
    private func cancel(_ negotiation: Negotiation, in tx: Transaction) async throws -> Bool {
        guard let id = negotiation.contractID, var contract = try await contracts.lock(id, in: tx)
        else {
            return true
        }
        guard contract.isStill, !contract.isDisputed else { return false }
        let unpaid = contract.milestones.filter { $0.status != .released && $0.isPaid }
        try contract.cancel()
        try await book.end(&contract, in: tx)
        for milestone in unpaid {
            try await scheduler.schedule(DropUnwantedHold(milestone.id), at: clock.now, in: tx)
        }
        return true
    }
}
