import Logging
import Postgres
import ServiceKit
import SharedModels

/// The departure of an account from the marketplace (decision 0014).
///
/// While auth deletes the account, every move is blocked. Once it is deleted, its deals end.
struct DepartureWorkflow: Sendable {
    /// The wait before another look at deals that could not end yet.
    static let pause = Duration.minutes(1)

    let database: Database
    let clock: any DomainClock
    let scheduler: Scheduler
    let book: DealBook
    let hireBook: HireBook
    let logger: Logger
    let departures = DepartureStore()
    let negotiations = NegotiationStore()
    let contracts = ContractStore()
    let hires = HireStore()

    /// Blocks every move of an account for ``ContractsInternal/reservation``, unless something is open.
    ///
    /// - Parameter id: The id of the deletion. Each deletion blocks independently.
    /// - Returns: What is open; empty when the account is now blocked.
    func depart(_ account: AccountID, as id: DepartureID) async throws -> [DeletionBlocker] {
        try await database.transaction { tx in
            try await departures.lock(account, in: tx)
            let paid = try await hires.withMoney(of: account, in: tx).map { id in
                DeletionBlocker(.money, of: nil, in: id)
            }
            let blockers = try await Array(
                (departures.blockers(of: account, in: tx) + paid).prefix(DeletionBlockers.limit))
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
    func leave(_ account: AccountID, in tx: Transaction) async throws {
        try await departures.lock(account, in: tx)
        try await departures.leave(account, at: clock.now, in: tx)
        try await scheduler.schedule(EndDeals(account), at: clock.now, in: tx)
    }

    /// Ends the open deals of a deleted account, one by one.
    ///
    /// The reservation prevents money that is moving or in dispute. A deal that has some all the same must end as it
    /// began, and is looked at again.
    func endDeals(of account: AccountID) async throws -> ScheduledOutcome {
        try await departures.eraseContacts(of: account, in: database)
        var remaining = 0
        for id in try await departures.open(of: account, in: database)
        where try await !end(id) { remaining += 1 }
        for id in try await hires.open(of: account, in: database)
        where try await !endHire(id) { remaining += 1 }
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
            _ = try await book.expire(negotiation, by: .departure, of: nil, in: tx)
            return true
        }
    }

    /// Cancels a hire that is not paid. A paid one waits for an admin.
    ///
    /// - Returns: Whether the hire is over.
    private func endHire(_ id: ContractID) async throws -> Bool {
        try await database.transaction { tx in
            guard var hire = try await hires.lock(id, in: tx), hire.status.allows(.cancel) else { return true }
            guard !hire.isPaid else { return false }
            try hire.cancel(.none, isDeleted: false, at: clock.now)
            try await hireBook.save(&hire, telling: .canceled, in: tx)
            return true
        }
    }

    /// Ends the contract of an approved negotiation, and cancels holds that may still arrive.
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
