import ServiceKit
import SharedModels

/// Who may do what with a negotiation now. The server checks these rules, `next_actions` shows them, and refusals list
/// them.
extension NegotiationStanding {
    /// Who may do `action` in the present state; nobody before or after its time.
    ///
    /// Approving and revising belong to the contract. They are listed here while the contract waits for approval.
    func actors(of action: DealAction) -> [PartyRole] {
        let isTime =
            switch action {
            case .round: state.allows(.round) && hasRoundsLeft
            case .agree: state.allows(.agree) && roundNumber > 0
            case .decline: state.allows(.decline)
            case .approve: state.allows(.approve)
            case .revise: state == .pendingOwnerApproval
            case .connect, .end, .fund, .withdraw, .deliver, .release, .dispute, .respond, .recommend, .review: false
            }
        guard isTime else { return [] }
        return action == .approve ? action.roles.filter(waitsFor.contains) : action.roles
    }

    var hasRoundsLeft: Bool { roundNumber < NegotiationState.roundLimit }

    /// Another round begins with the terms that stand.
    func nextActions(among actions: [DealAction] = DealAction.allCases) -> [NextAction] {
        actions.compactMap { action in
            let actors = actors(of: action)
            guard !actors.isEmpty else { return nil }
            let members: [String: JSONValue] =
                switch action {
                case .agree: ["round_number": .integer(Int64(roundNumber))]
                case .round: terms.known
                case .decline, .approve, .revise, .connect, .end, .fund, .withdraw, .deliver, .release, .dispute,
                    .respond,
                    .recommend, .review:
                    [:]
                }
            return NextAction(
                action.rawValue, action.operation, ["id": subject(of: action)], by: actors, members: members)
        }
    }

    private func subject(of action: DealAction) -> String {
        if let contractID, action == .approve || action == .revise { return "\(contractID)" }
        return "\(id)"
    }
}

extension Negotiation {
    var standing: NegotiationStanding {
        NegotiationStanding(
            id: id, state: state, roundNumber: roundNumber, terms: terms, contractID: contractID, waitsFor: waitsFor)
    }

    var hasRoundsLeft: Bool { standing.hasRoundsLeft }

    func actors(of action: DealAction) -> [PartyRole] { standing.actors(of: action) }

    var nextActions: [NextAction] { standing.nextActions() }

    /// - Throws: ``ActionError/notNow(_:state:allowed:)``.
    func require(_ action: DealAction, by role: PartyRole) throws {
        guard actors(of: action).contains(role) else {
            throw ActionError.notNow(action, state: state.rawValue, allowed: nextActions.names(for: role))
        }
    }

    /// The view for one party. With a `role` of `nil` it is the same for both, as in events.
    ///
    /// - Parameter withContacts: Whether to include the shared contact data. Lists and events never do.
    func view(
        for role: PartyRole?, withContacts: Bool = false, audit: [AuditEntry]? = nil
    ) -> NegotiationView {
        NegotiationView(
            id: id, gigID: gigID, gigTitle: gigTitle, clientUserID: parties.client,
            workerUserID: parties.worker,
            yourRole: role, state: state, endedBy: endedBy, roundNumber: roundNumber, terms: terms.input,
            contractID: contractID,
            contactExchange: withContacts ? role.map(contacts.exchange) : nil, audit: audit, createdAt: createdAt,
            updatedAt: updatedAt,
            waitsFor: PartyRole.allCases.filter(waitsFor.contains), nextActions: nextActions)
    }
}

extension Terms {
    /// The terms that are settled, by their names in JSON.
    fileprivate var known: [String: JSONValue] {
        var known: [String: JSONValue] = [:]
        if let rate { known["rate_cents"] = .integer(rate.minorUnits) }
        if let hoursPerWeek { known["hours_per_week"] = .integer(Int64(hoursPerWeek)) }
        if let startDate { known["start_date"] = .string("\(startDate)") }
        if let payoutDelayDays { known["payout_delay_days"] = .integer(Int64(payoutDelayDays)) }
        return known
    }
}
