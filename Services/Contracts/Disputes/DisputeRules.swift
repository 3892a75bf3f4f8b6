import ServiceKit
import SharedModels

/// Who may do what with a dispute now. The server checks these rules, `next_actions` shows them, and refusals list
/// them.
extension DisputeStanding {
    /// The status at `now`, even if the end of the response time was not recorded yet.
    func status(at now: Timestamp) -> DisputeStatus {
        status == .open && now >= responseDeadline ? .underReview : status
    }

    /// Who may do `action`; nobody before or after its time.
    func actors(of action: DealAction, at now: Timestamp) -> [PartyRole] {
        switch action {
        case .respond: status(at: now).allows(.respond) ? [openedBy.other] : []
        case .recommend: status(at: now).allows(.recommend) ? action.roles : []
        case .round, .agree, .decline, .approve, .revise, .connect, .end, .fund, .withdraw, .deliver, .release,
            .dispute,
            .review:
            []
        }
    }

    func nextActions(at now: Timestamp) -> [NextAction] {
        DealAction.allCases.compactMap { action in
            let actors = actors(of: action, at: now)
            guard !actors.isEmpty else { return nil }
            return NextAction(
                action.rawValue, action.operation, ["id": "\(id)"], by: actors,
                deadline: action == .respond ? responseDeadline : nil)
        }
    }
}

extension Dispute {
    /// While the decided money moves, nobody has anything to do.
    func nextActions(at now: Timestamp) -> [NextAction] {
        decision == nil ? standing.nextActions(at: now) : []
    }

    /// - Throws: ``DisputeError/openedByYou`` when the party that opened it tries to answer it,
    ///   ``ActionError/notNow(_:state:allowed:)`` and ``ActionError/moneyIsMoving(allowed:)``.
    func require(_ action: DealAction, by role: PartyRole, at now: Timestamp) throws {
        if action == .respond, role == openedBy { throw DisputeError.openedByYou }
        let allowed = nextActions(at: now).names(for: role)
        if decision != nil, settledAt == nil { throw ActionError.moneyIsMoving(allowed: allowed) }
        guard standing.actors(of: action, at: now).contains(role) else {
            throw ActionError.notNow(action, state: standing.status(at: now).rawValue, allowed: allowed)
        }
    }

    /// The view for one party. With a `role` of `nil` it is the same for both, as in events and for an admin.
    ///
    /// - Parameter evidence: The evidence of both sides; `nil` leaves it out.
    func view(
        of contract: Contract, for role: PartyRole?, evidence: [Evidence]? = nil, at now: Timestamp
    ) -> DisputeView {
        DisputeView(
            id: id, contractID: contractID, milestoneID: milestoneID, gigTitle: contract.gigTitle,
            disputingParty: openedBy, yourRole: role, status: status, reason: reason,
            responseDeadline: standing.responseDeadline, respondedAt: respondedAt,
            evidence: evidence?.filter { $0.by == openedBy }.map(\.view),
            counterEvidence: evidence?.filter { $0.by != openedBy }.map(\.view),
            recommendation: recommendation?.view, resolution: resolution, createdAt: createdAt,
            updatedAt: updatedAt,
            nextActions: nextActions(at: now))
    }

    private var resolution: ResolutionView? {
        decision.map {
            ResolutionView(
                outcome: $0.outcome, workerCents: $0.workersShare.minorUnits, returnedCents: $0.returned.minorUnits,
                arbitrationFeeCents: $0.fee.minorUnits, note: $0.note, decidedAt: $0.at, settledAt: settledAt)
        }
    }
}
