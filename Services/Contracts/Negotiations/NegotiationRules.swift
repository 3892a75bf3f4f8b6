import ServiceKit
import SharedModels

/// Who may do what with a negotiation now: what the server checks, what `next_actions` shows and what a
/// refusal allows.
extension NegotiationStanding {
    /// Who may do `action` as it stands; nobody when its time has not come or is over.
    ///
    /// Approving and revising belong to the contract; they are named here as long as it waits for approval.
    func actors(of action: DealAction) -> [PartyRole] {
        let isTime =
            switch action {
            case .round: state.allows(.round) && hasRoundsLeft
            case .agree: state.allows(.agree) && roundNumber > 0
            case .approve: state.allows(.approve)
            case .revise: state == .pendingOwnerApproval
            case .connect, .fund, .deliver, .release, .dispute, .respond, .recommend, .review: false
            }
        return isTime ? action.roles : []
    }

    var hasRoundsLeft: Bool { roundNumber < NegotiationState.roundLimit }

    func nextActions(among actions: [DealAction] = DealAction.allCases) -> [NextAction] {
        actions.compactMap { action in
            let actors = actors(of: action)
            return actors.isEmpty ? nil : NextAction(action.rawValue, .post, href(of: action), by: actors)
        }
    }

    private func href(of action: DealAction) -> String {
        switch (action, contractID) {
        case (.approve, let contract?), (.revise, let contract?):
            "/api/contracts/\(contract)/\(action.rawValue)"
        default: "/api/negotiations/\(id)/\(action.rawValue)"
        }
    }
}

extension Negotiation {
    var standing: NegotiationStanding {
        NegotiationStanding(id: id, state: state, roundNumber: roundNumber, contractID: contractID)
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

    /// How it is shown to a party; to both alike, as in events, when `role` is `nil`.
    ///
    /// - Parameter withContacts: Whether the party is shown what was shared; lists and events show none.
    func view(
        for role: PartyRole?, withContacts: Bool = false, audit: [AuditEntry]? = nil
    ) -> NegotiationView {
        NegotiationView(
            id: id, gigID: gigID, gigTitle: gigTitle, clientUserID: parties.client,
            workerUserID: parties.worker,
            yourRole: role, state: state, roundNumber: roundNumber, terms: terms, contractID: contractID,
            contactExchange: withContacts ? role.map(contacts.exchange) : nil, audit: audit, createdAt: createdAt,
            updatedAt: updatedAt,
            nextActions: nextActions)
    }
}
