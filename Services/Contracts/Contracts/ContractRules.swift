import SharedModels

/// Who may do what with a contract now: what the server checks, what `next_actions` shows and what a
/// refusal allows.
extension Contract {
    /// Who may do `action` with the contract as it stands; nobody when its time has not come or is over.
    func actors(of action: DealAction) -> [PartyRole] {
        switch action {
        case .approve:
            let isTime = status.allows(.approve) && negotiationState.allows(.approve)
            return isTime ? action.roles.filter { approvedAt($0) == nil } : []
        case .revise:
            let isTime = status.allows(.revise) && negotiationState.allows(.revise) && isStill
            return isTime ? action.roles : []
        case .connect:
            return status.awaitsOnboarding ? action.roles : []
        case .round, .agree, .fund, .deliver, .release:
            return []
        }
    }

    /// Who may do `action` with one of its milestones.
    func actors(of action: DealAction, with milestone: Milestone) -> [PartyRole] {
        guard milestone.moving == nil else { return [] }
        let isTime =
            switch action {
            case .fund: status.allows(.fund) && milestone.status.allows(.fund) && isNext(milestone)
            case .deliver: status == .active && milestone.status.allows(.deliver)
            case .release: status == .active && milestone.status.allows(.release)
            case .round, .agree, .approve, .revise, .connect: false
            }
        return isTime ? action.roles : []
    }

    /// - Throws: ``ContractsError/notYours(_:)`` when it is the other side's,
    ///   ``ContractsError/notNow(_:state:allowed:)``.
    func require(_ action: DealAction, by role: PartyRole) throws {
        guard action.roles.contains(role) else { throw ContractsError.notYours(action) }
        guard actors(of: action).contains(role) else {
            if action == .revise, status.allows(.revise), !isStill {
                throw ContractsError.moneyIsMoving(allowed: nextActions.names(for: role))
            }
            throw ContractsError.notNow(action, state: status.rawValue, allowed: nextActions.names(for: role))
        }
    }

    /// The same for a milestone; ``ContractsError/moneyIsMoving(allowed:)`` besides.
    func require(_ action: DealAction, with milestone: Milestone, by role: PartyRole) throws {
        guard action.roles.contains(role) else { throw ContractsError.notYours(action) }
        guard milestone.moving == nil else {
            throw ContractsError.moneyIsMoving(allowed: nextActions.names(for: role))
        }
        guard actors(of: action, with: milestone).contains(role) else {
            throw ContractsError.notNow(
                action, state: milestone.status.rawValue, allowed: nextActions.names(for: role))
        }
    }

    /// Everything that may be done, its milestones included.
    var nextActions: [NextAction] {
        let own = DealAction.allCases.compactMap { action -> NextAction? in
            let actors = actors(of: action)
            guard !actors.isEmpty else { return nil }
            let deadline = status.isActivating ? activationDeadline : nil
            guard action != .connect else {
                return NextAction(
                    "connect", .get, "/api/contracts/\(id)/connect-link", by: actors, deadline: deadline)
            }
            return NextAction(
                action.rawValue, .post, "/api/contracts/\(id)/\(action.rawValue)", by: actors,
                deadline: deadline)
        }
        return own + milestones.flatMap(nextActions(with:))
    }

    func nextActions(with milestone: Milestone) -> [NextAction] {
        DealAction.allCases.compactMap { action in
            let actors = actors(of: action, with: milestone)
            guard !actors.isEmpty else { return nil }
            return NextAction(
                action.rawValue, .post, "/api/contracts/\(id)/milestones/\(milestone.id)/\(action.rawValue)",
                by: actors,
                deadline: status.isActivating ? activationDeadline : nil)
        }
    }

    /// Whether the milestones before it are released.
    private func isNext(_ milestone: Milestone) -> Bool {
        milestones.allSatisfy { $0.position >= milestone.position || $0.status == .released }
    }

    /// Whether no money is moving.
    private var isStill: Bool { milestones.allSatisfy { $0.moving == nil } }
}
