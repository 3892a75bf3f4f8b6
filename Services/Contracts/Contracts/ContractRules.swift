import ServiceKit
import SharedModels

/// Who may do what with a contract now. The server checks these rules, `next_actions` shows them, and refusals list
/// them.
extension Contract {
    /// Who may do `action` with the contract in its present state; nobody before or after its time.
    func actors(of action: DealAction) -> [PartyRole] {
        switch action {
        case .approve:
            let isTime = status.allows(.approve) && negotiation.state.allows(.approve)
            return isTime ? action.roles.filter { approvedAt($0) == nil } : []
        case .revise:
            let isTime = status.allows(.revise) && negotiation.state.allows(.revise)
            return isTime && isStill && !isDisputed ? action.roles : []
        case .connect:
            return awaitsOnboarding ? action.roles : []
        case .review:
            return status == .completed ? action.roles.filter { reviewedAt($0) == nil } : []
        case .round, .agree, .decline, .fund, .deliver, .release, .dispute, .respond, .recommend:
            return []
        }
    }

    /// Who may do `action` with `milestone` at `now`.
    func actors(of action: DealAction, with milestone: Milestone, at now: Timestamp) -> [PartyRole] {
        guard milestone.moving == nil else { return [] }
        let isTime =
            switch action {
            case .fund: status.allows(.fund) && milestone.status.allows(.fund) && isNext(milestone)
            case .deliver: status == .active && milestone.status.allows(.deliver)
            case .release: status == .active && milestone.status.allows(.release) && milestone.dispute == nil
            case .dispute: isDisputable(milestone, at: now) && milestone.dispute == nil
            // The dispute's own rules decide about its actions.
            case .round, .agree, .decline, .approve, .revise, .connect, .respond, .recommend, .review: false
            }
        return isTime ? action.roles : []
    }

    /// - Throws: ``ActionError/notYours(_:)`` when it belongs to the other side,
    ///   ``ActionError/notNow(_:state:allowed:)``, and ``ActionError/disputed(allowed:)`` or
    ///   ``ActionError/moneyIsMoving(allowed:)`` while that blocks it.
    func require(_ action: DealAction, by role: PartyRole, at now: Timestamp) throws {
        guard action.roles.contains(role) else { throw ActionError.notYours(action) }
        guard !actors(of: action).contains(role) else { return }
        let allowed = nextActions(at: now).names(for: role)
        if action == .revise, status.allows(.revise) {
            if !isStill { throw ActionError.moneyIsMoving(allowed: allowed) }
            if isDisputed { throw ActionError.disputed(allowed: allowed) }
        }
        if action == .review, reviewedAt(role) != nil {
            throw ReviewError.alreadyReviewed(allowed: allowed)
        }
        throw ActionError.notNow(action, state: status.rawValue, allowed: allowed)
    }

    /// The same for a milestone.
    func require(_ action: DealAction, with milestone: Milestone, by role: PartyRole, at now: Timestamp)
        throws
    {
        guard action.roles.contains(role) else { throw ActionError.notYours(action) }
        guard !actors(of: action, with: milestone, at: now).contains(role) else { return }
        let allowed = nextActions(at: now).names(for: role)
        if milestone.moving != nil { throw ActionError.moneyIsMoving(allowed: allowed) }
        if milestone.dispute != nil, action == .release || action == .dispute {
            throw ActionError.disputed(allowed: allowed)
        }
        throw ActionError.notNow(action, state: milestone.status.rawValue, allowed: allowed)
    }

    /// Checks that `role` may add a milestone.
    ///
    /// - Throws: ``MilestoneError/clientAdds``, ``MilestoneError/contractNotActive(status:allowed:)`` and
    ///   ``MilestoneError/tooMany(allowed:)``.
    func requireRoomForMilestone(by role: PartyRole, at now: Timestamp) throws {
        guard role == .client else { throw MilestoneError.clientAdds }
        let allowed = nextActions(at: now).names(for: role)
        guard status == .active else {
            throw MilestoneError.contractNotActive(status: status, allowed: allowed)
        }
        guard milestones.count < Self.milestoneLimit else {
            throw MilestoneError.tooMany(allowed: allowed)
        }
    }

    /// All actions on the contract and its milestones, and on its negotiation while a revision has reopened that.
    func nextActions(at now: Timestamp) -> [NextAction] {
        let talks = status.isOver ? [] : negotiation.nextActions(among: [.round, .agree, .decline])
        let own = DealAction.allCases.compactMap { action -> NextAction? in
            let actors = actors(of: action)
            guard !actors.isEmpty else { return nil }
            let deadline = status.isActivating ? activationDeadline : nil
            guard action != .connect else {
                return NextAction(
                    "connect", .get, "/api/contracts/\(id)/connect-link", by: actors, deadline: deadline)
            }
            let verb = action == .review ? "reviews" : action.rawValue
            return NextAction(
                action.rawValue, .post, "/api/contracts/\(id)/\(verb)", by: actors, deadline: deadline)
        }
        return talks + own + milestones.flatMap { nextActions(with: $0, at: now) }
    }

    func nextActions(with milestone: Milestone, at now: Timestamp) -> [NextAction] {
        let own = DealAction.allCases.compactMap { action -> NextAction? in
            let actors = actors(of: action, with: milestone, at: now)
            guard !actors.isEmpty else { return nil }
            guard action != .dispute else {
                return NextAction(
                    "dispute", .post, "/api/disputes/create", by: actors, deadline: milestone.disputableUntil)
            }
            return NextAction(
                action.rawValue, .post, "/api/contracts/\(id)/milestones/\(milestone.id)/\(action.rawValue)",
                by: actors, deadline: status.isActivating ? activationDeadline : nil)
        }
        guard milestone.moving == nil, let dispute = milestone.dispute else { return own }
        return own + dispute.nextActions(at: now)
    }

    /// Whether the milestone's money is held, a decision could move it, and it is not too late to open a dispute.
    private func isDisputable(_ milestone: Milestone, at now: Timestamp) -> Bool {
        guard status.allows(.complete), milestone.status.allows(.release) else { return false }
        return milestone.disputableUntil.map { now < $0 } ?? true
    }

    /// Whether the contract, a milestone added later or a payout needs the worker's onboarding.
    private var awaitsOnboarding: Bool {
        status.awaitsOnboarding || (!workerIsOnboarded && (isPayoutOwed || status == .active && isPaid))
    }

    /// Whether a payout was made or is on its way. It can only be completed when the worker can be paid.
    private var isPayoutOwed: Bool { milestones.contains { $0.payout?.transfer.isZero == false } }

    /// Whether all earlier milestones are released.
    private func isNext(_ milestone: Milestone) -> Bool {
        milestones.allSatisfy { $0.position >= milestone.position || $0.status == .released }
    }

    /// Whether no money is moving.
    var isStill: Bool { milestones.allSatisfy { $0.moving == nil } }

    /// Whether money is moving because of `move`.
    func isMoving(for move: MoneyMove) -> Bool { milestones.contains { $0.moving == move } }

    /// Whether a dispute blocks money.
    var isDisputed: Bool { milestones.contains { $0.dispute != nil } }
}
