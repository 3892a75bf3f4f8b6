import Logging
import Postgres
import ServiceKit
import SharedModels

/// Payments' news about a milestone's hold, and its effect on the contract. News may be old when it comes, so it only
/// makes us ask where the money is now.
struct FundingWorkflow: Sendable {
    /// How often the money may move while we look.
    private static let maximumLooks = 5
    /// Longer than cancelling a hold takes.
    static let recheckAfter = Duration.seconds(15)

    let database: Database
    let clock: any DomainClock
    let scheduler: Scheduler
    let book: DealBook
    let peers: any DealPeers
    let logger: Logger
    let contracts = ContractStore()
    let departures = DepartureStore()

    /// Payments told something about the money of a milestone.
    func heard(of id: MilestoneID, in tx: Transaction) async throws {
        try await scheduler.schedule(RecheckFunding(id), at: clock.now, in: tx)
    }

    /// The money is held, or the milestone is unpaid: the milestone is funded, and the contract may become active. A
    /// repeat changes nothing.
    func funded(_ id: MilestoneID, in tx: Transaction) async throws {
        guard var contract = try await contract(with: id, in: tx) else { return try await drop(id, in: tx) }
        let milestone = try contract.milestone(id)
        guard milestone.status.allows(.fund) else { return }
        let departure = try await departures.standing(
            of: contract.parties, at: clock.now, in: tx)
        if milestone.moving != nil || departure == .reserved {
            let later = clock.now + Self.recheckAfter
            return try await scheduler.schedule(RecheckFunding(id), at: later, in: tx)
        }
        guard contract.status.allows(.fund), departure == nil else {
            // The contract was revised or ended while the client paid, or is about to end: nobody approved this
            // payment.
            return try await drop(id, in: tx)
        }
        try await fund(id, of: &contract, in: tx)
    }

    /// Marks a milestone as funded. Its contract is locked, and both may be funded.
    func fund(_ id: MilestoneID, of contract: inout Contract, in tx: Transaction) async throws {
        try contract.change(id) { try $0.fund(at: clock.now) }
        let before = contract.status
        try contract.move(.fund)
        try await book.save(&contract, announcing: MilestoneFunded.self, of: id, in: tx)
        guard contract.status != before else { return }
        try await book.save(&contract, announcing: ContractUpdated.self, in: tx)
        if contract.status == .active {
            try await scheduler.cancel(ExpireContract(contract.id), in: tx)
        }
    }

    /// The hold is gone, so the milestone must be funded again. A repeat changes nothing.
    ///
    /// - Parameter isPaidAnew: Whether the client is paying again already.
    private func lapsed(_ id: MilestoneID, isPaidAnew: Bool = false, in tx: Transaction) async throws {
        guard var contract = try await contract(with: id, in: tx) else { return }
        // A payment that was begun but never held changes the contract, but not the milestone.
        let (wasFunded, before) = (try contract.milestone(id).status.allows(.lapse), contract.status)
        if wasFunded { try contract.change(id) { try $0.lapse() } }
        if contract.status.allows(.lapse), wasFunded || !isPaidAnew { try contract.move(.lapse) }
        guard wasFunded || contract.status != before else { return }
        try await book.save(&contract, announcing: ContractUpdated.self, in: tx)
    }

    /// The locked contract of a milestone; `nil` when the milestone was withdrawn.
    private func contract(with id: MilestoneID, in tx: Transaction) async throws -> Contract? {
        guard let contractID = try await contracts.contract(of: id, in: tx),
            let contract = try await contracts.lock(contractID, in: tx), contract.has(id)
        else { return nil }
        return contract
    }

    /// Has a hold that nobody approved cancelled.
    func drop(_ id: MilestoneID, in tx: Transaction) async throws {
        try await scheduler.schedule(DropUnwantedHold(id), at: clock.now, in: tx)
    }

    /// Asks payments where the money is, and follows. It asks until the answer stays the same, because the money may
    /// move before we have followed.
    func recheck(_ id: MilestoneID) async throws {
        var followed: EscrowState?
        for _ in 0..<Self.maximumLooks {
            let state: EscrowState
            do {
                state = try await peers.escrowState(of: id)
            } catch let refusal as PeerRefusal where refusal.code == .notFound {
                return
            }
            guard state != followed else { return }
            try await database.transaction { tx in
                switch state {
                case .held, .escrowed: try await funded(id, in: tx)
                case .unfunded: try await lapsed(id, in: tx)
                case .authorizing: try await lapsed(id, isPaidAnew: true, in: tx)
                case .released, .paid: break
                }
            }
            switch state {
            case .released, .paid: try await followPayout(of: id)
            case .unfunded, .authorizing, .held, .escrowed: break
            }
            followed = state
        }
        try await scheduler.schedule(RecheckFunding(id), at: clock.now + Self.recheckAfter, in: database)
    }

    /// Takes over whose the released money is, after a part or all of it went back to the client, or came back: also when
    /// the worker was paid before, who then owes it.
    private func followPayout(of id: MilestoneID) async throws {
        guard let contractID = try await contracts.contract(of: id, in: database),
            let known = try await contracts.find(contractID, in: database), known.has(id)
        else { return }
        guard try known.milestone(id).moving == nil else {
            // The release is written down with what it paid out before this news.
            try await scheduler.schedule(RecheckFunding(id), at: clock.now + Self.recheckAfter, in: database)
            return
        }
        guard try known.milestone(id).status == .released else { return }
        // A repeat moves nothing, and tells what is so now.
        let escrow = try await peers.release(id)
        guard escrow.state == .released || escrow.state == .paid else { return }
        try await database.transaction { tx in
            guard var contract = try await contract(with: id, in: tx) else { return }
            let milestone = try contract.milestone(id)
            let payout = Payout(escrow, of: milestone.amount)
            guard milestone.status == .released, milestone.payout != payout else { return }
            try contract.change(id) { $0.payout = payout }
            try await book.save(&contract, announcing: ContractUpdated.self, in: tx)
        }
    }

    /// Cancels a hold that nobody approved, unless the contract may be paid again in the meantime. A milestone without a
    /// contract was withdrawn.
    func dropUnwantedHold(_ id: MilestoneID) async throws {
        if let contractID = try await contracts.contract(of: id, in: database),
            let contract = try await contracts.find(contractID, in: database), contract.status.allows(.fund)
        {
            let departure = try await database.transaction { tx in
                try await departures.standing(of: contract.parties, at: clock.now, in: tx)
            }
            guard departure == .left else { return }
        }
        do {
            _ = try await peers.cancelHold(of: id)
        } catch let refusal as PeerRefusal where refusal.code == .notFound {
            // Payments knows no payment, because the client never began to pay.
        } catch let refusal as PeerRefusal where refusal.isFinal {
            logger.error(
                "a hold that nobody approved could not be cancelled",
                metadata: ["milestone": "\(id)", "reason": "\(refusal.publicMessage)"])
        }
    }
}
