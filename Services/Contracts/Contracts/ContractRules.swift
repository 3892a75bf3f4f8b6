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
        case .end:
            let isTime = status == .active && isStill && !isDisputed && !isDelivered
            return isTime ? action.roles.filter { endedAt($0) == nil } : []
        case .round, .agree, .decline, .fund, .withdraw, .deliver, .release, .dispute, .respond, .recommend:
            return []
        }
    }

    /// Who may do `action` with `milestone` at `now`.
    func actors(of action: DealAction, with milestone: Milestone, at now: Timestamp) -> [PartyRole] {
        guard milestone.moving == nil else { return [] }
        let isTime =
            switch action {
            case .fund: status.allows(.fund) && milestone.status.allows(.fund) && isNext(milestone)
            case .withdraw:
                status == .active && milestone.status == .pending && milestone.dispute == nil && milestones.count > 1
            case .deliver: status == .active && milestone.status.allows(.deliver)
            case .release: status == .active && milestone.status.allows(.release) && milestone.dispute == nil
            case .dispute: isDisputable(milestone, at: now) && milestone.dispute == nil
            // The dispute's own rules decide about its actions.
            case .round, .agree, .decline, .approve, .revise, .connect, .end, .respond, .recommend, .review: false
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
        if action == .end, status == .active {
            if !isStill { throw ActionError.moneyIsMoving(allowed: allowed) }
            throw EndError(blockedBy: self, allowed: allowed)
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
        if action == .withdraw, milestone.status == .pending, milestones.count == 1 {
            throw MilestoneError.onlyOne(allowed: allowed)
        }
        if milestone.dispute != nil, [.release, .dispute, .withdraw].contains(action) {
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
    ///
    /// - Parameter reader: The party that is told, in whose name the bodies are written.
    func nextActions(at now: Timestamp, for reader: PartyRole? = nil) -> [NextAction] {
        let talks = status.isOver ? [] : negotiation.nextActions(among: [.round, .agree, .decline])
        let own = DealAction.allCases.filter { $0 != .end }.compactMap { nextAction($0) }
        // An agent that takes the first action that is offered must not end the deal with it.
        return talks + own + milestones.flatMap { nextActions(with: $0, at: now, for: reader) }
            + [nextAction(.end)].compactMap(\.self)
    }

    private func nextAction(_ action: DealAction) -> NextAction? {
        let actors = actors(of: action)
        guard !actors.isEmpty else { return nil }
        return NextAction(
            action.rawValue, action.operation, ["id": "\(id)"], by: actors,
            deadline: status.isActivating ? activationDeadline : nil)
    }

    func nextActions(with milestone: Milestone, at now: Timestamp, for reader: PartyRole? = nil) -> [NextAction] {
        var subject: [String: JSONValue] = [
            "contract_id": .string("\(id)"), "milestone_id": .string("\(milestone.id)"),
        ]
        if let reader { subject["disputing_party"] = .string(reader.rawValue) }
        let own = DealAction.allCases.compactMap { action -> NextAction? in
            let actors = actors(of: action, with: milestone, at: now)
            guard !actors.isEmpty else { return nil }
            let activation = status.isActivating ? activationDeadline : nil
            return NextAction(
                action.rawValue, action.operation, ["id": "\(id)", "milestoneId": "\(milestone.id)"], by: actors,
                deadline: action == .dispute ? milestone.disputableUntil : activation,
                members: action == .dispute ? subject : [:])
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

    /// Whether work is delivered that nobody has decided about.
    private var isDelivered: Bool { milestones.contains { $0.status == .delivered } }

    /// Whether a dispute blocks money.
    var isDisputed: Bool { milestones.contains { $0.dispute != nil } }
}
