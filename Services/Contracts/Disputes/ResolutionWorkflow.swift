import Logging
import Postgres
import ServiceKit
import SharedModels

/// Decides a dispute in three steps: the decision is stored and the milestone marked as moving, payments divides the
/// money, and then the dispute is resolved. The scheduler repeats a step that was lost, so every decision is carried
/// out.
struct ResolutionWorkflow: Sendable {
    /// Longer than one attempt takes.
    static let resumeAfter = Duration.seconds(20)

    let database: Database
    let clock: any DomainClock
    let outbox: Outbox
    let scheduler: Scheduler
    let book: DealBook
    let peers: any DealPeers
    let logger: Logger
    let disputes = DisputeStore()
    /// What the losing party owes if it is charged.
    let arbitrationFee: Money

    /// An admin decides. A repeat joins the resolution under way, and gets the same answer once it has ended.
    ///
    /// - Returns: The dispute. It is not settled yet when payments cannot be reached; the scheduler then finishes it.
    /// - Throws: `PeerRefusal` when payments refuses. The dispute is then as before.
    func resolve(
        _ id: DisputeID, as input: DecisionInput, by admin: AccountID, expecting check: VersionCheck
    ) async throws -> (dispute: Dispute, contract: Contract) {
        let begun = try await begin(id, as: input, by: admin, expecting: check)
        guard begun.dispute.settledAt == nil else { return begun }
        do {
            return try await finish(id)
        } catch let error where error.isPassing {
            logger.warning(
                "a resolution will be finished later", metadata: ["dispute": "\(id)", "reason": "\(error)"])
            return begun
        }
    }

    /// The first step.
    private func begin(
        _ id: DisputeID, as input: DecisionInput, by admin: AccountID, expecting check: VersionCheck
    ) async throws -> (dispute: Dispute, contract: Contract) {
        try await database.transaction { tx in
            let now = clock.now
            var (dispute, contract) = try await book.lock(id, in: tx)
            let milestone = try contract.milestone(dispute.milestoneID)
            let decision = try Decision(
                input, over: milestone.amount, fee: arbitrationFee, by: admin, at: now)
            if let known = dispute.decision {
                guard known.agrees(with: decision) else { throw DisputeError.decidedOtherwise }
                return (dispute, contract)
            }
            try check(dispute.version)
            guard milestone.moving == nil else { throw ActionError.moneyIsMoving(allowed: []) }
            dispute.decide(decision, at: now)
            try contract.change(milestone.id) { $0.moving = .settle }
            try await book.save(dispute, of: &contract, in: tx)
            try await scheduler.schedule(ResumeResolution(id), at: now + Self.resumeAfter, in: tx)
            return (dispute, contract)
        }
    }

    /// The second and the third step. Does nothing without a decision, or once it was carried out.
    ///
    /// - Throws: `PeerRefusal` and `OutboundError`, ``NotSettledYet`` and ``FeeNotBooked``. After a final refusal to
    ///   divide the money the dispute is undecided again.
    func finish(_ id: DisputeID) async throws -> (dispute: Dispute, contract: Contract) {
        let (dispute, contract) = try await book.find(id, in: database)
        guard let decision = dispute.decision, dispute.settledAt == nil else { return (dispute, contract) }
        let payout: Payout
        do {
            payout = try await divide(contract.milestone(dispute.milestoneID), as: decision)
        } catch let refusal as PeerRefusal where refusal.isFinal {
            let current = try await giveUp(id)
            if current.dispute.settledAt != nil { return current }
            throw refusal
        }
        try await charge(decision, on: id, between: contract.parties)
        return try await record(payout, for: id)
    }

    private func divide(_ milestone: Milestone, as decision: Decision) async throws -> Payout {
        guard milestone.isPaid else { return .nothing }
        let escrow = try await peers.settle(milestone.id, workersShare: decision.workersShare)
        let isDone = decision.workersShare.isZero ? escrow.state == .unfunded : escrow.state.isReleased
        guard isDone else { throw NotSettledYet(state: escrow.state) }
        return Payout(escrow, of: milestone.amount)
    }

    /// The money has already moved, so a refusal cannot take the decision back.
    private func charge(_ decision: Decision, on id: DisputeID, between parties: Parties) async throws {
        guard !decision.fee.isZero, let loser = decision.outcome.loser else { return }
        do {
            try await peers.chargeArbitration(
                of: id, to: parties.account(of: loser), decision.fee)
        } catch let refusal as PeerRefusal {
            throw FeeNotBooked(reason: refusal.publicMessage)
        }
    }

    private func record(
        _ payout: Payout, for id: DisputeID
    ) async throws -> (dispute: Dispute, contract: Contract) {
        try await database.transaction { tx in
            var (dispute, contract) = try await book.lock(id, in: tx)
            // Another process has finished it.
            guard let decision = dispute.decision, dispute.settledAt == nil else {
                return (dispute, contract)
            }
            try dispute.settle(at: clock.now)
            try await disputes.save(dispute, in: tx)
            switch decision.outcome {
            case .client: try await cancel(&contract, over: dispute.milestoneID, in: tx)
            case .worker, .split: try await pay(payout, dispute.milestoneID, of: &contract, in: tx)
            }
            try await tell(of: dispute, decision, between: contract.parties, in: tx)
            try await scheduler.cancel(ResumeResolution(id), in: tx)
            try await scheduler.cancel(ReviewUnanswered(id), in: tx)
            return (dispute, contract)
        }
    }

    private func cancel(_ contract: inout Contract, over id: MilestoneID, in tx: Transaction) async throws {
        try contract.change(id) { try $0.giveBack() }
        try contract.move(.cancel)
        try await book.end(&contract, in: tx)
    }

    private func pay(
        _ payout: Payout, _ id: MilestoneID, of contract: inout Contract, in tx: Transaction
    ) async throws {
        try contract.change(id) { try $0.release(payout, by: .decision, at: clock.now) }
        try await book.save(&contract, announcing: MilestoneReleased.self, of: id, in: tx)
        try await book.completeIfReleased(&contract, in: tx)
    }

    /// Tells talent which party lost.
    private func tell(
        of dispute: Dispute, _ decision: Decision, between parties: Parties, in tx: Transaction
    ) async throws {
        guard let loser = decision.outcome.loser else { return }
        try await outbox.append(
            Announcement(
                DisputeLost.self, of: dispute.id, sequence: dispute.version,
                AccountReference(userID: parties.account(of: loser)), at: clock.now),
            in: tx)
    }

    /// Payments refused, so the dispute must be decided again.
    private func giveUp(_ id: DisputeID) async throws -> (dispute: Dispute, contract: Contract) {
        try await database.transaction { tx in
            var (dispute, contract) = try await book.lock(id, in: tx)
            guard dispute.decision != nil, dispute.settledAt == nil else { return (dispute, contract) }
            dispute.decide(nil, at: clock.now)
            try contract.change(dispute.milestoneID) { $0.moving = nil }
            try await book.save(dispute, of: &contract, in: tx)
            try await scheduler.cancel(ResumeResolution(id), in: tx)
            return (dispute, contract)
        }
    }
}

/// Payments accepted the division but has not finished it.
struct NotSettledYet: PassingError {
    let state: EscrowState
}

/// The money has moved, but the arbitration fee is not recorded yet.
struct FeeNotBooked: PassingError {
    let reason: String
}

extension EscrowState {
    fileprivate var isReleased: Bool { self == .released || self == .paid }
}
