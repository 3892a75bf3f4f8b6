import ServiceKit
import SharedModels

/// What can happen to a negotiation.
package enum NegotiationEvent: String, CaseIterable, Sendable {
    /// A party proposed terms while rounds were left.
    case round
    /// A party proposed terms after the last round.
    case exhaust
    case agree
    /// A party did not want to go on.
    case decline
    /// The negotiation was idle for too long.
    case idle
    /// A party left the marketplace.
    case leave
    /// Both parties have approved the contract.
    case approve
    /// A party withdrew the approvals.
    case revise
}

/// The states of a negotiation (the words are in `SharedModels`).
///
///     pending ──round──▶ in_progress ──agree──▶ pending_owner_approval ──approve──▶ approved
///                         │  ↺ round │ ▲                  │                            │
///                              exhaust └───────revise─────┴───────────revise───────────┘
///                                 ▼
///                              expired
///
/// `decline` and `idle` also lead from `pending` and `in_progress` to `expired`. So does `leave` from every state except
/// `approved`, whose contract is cancelled.
extension NegotiationState: StateMachine {
    /// How many rounds a negotiation has before it expires. A revision starts the count again.
    static let roundLimit = 3

    package func applying(_ event: NegotiationEvent) throws(IllegalMove<Self, NegotiationEvent>) -> Self {
        switch (self, event) {
        case (.pending, .round): .inProgress
        case (.inProgress, .round): .inProgress
        case (.pending, .decline), (.inProgress, .decline), (.inProgress, .exhaust), (.pending, .idle),
            (.inProgress, .idle), (.pending, .leave), (.inProgress, .leave), (.pendingOwnerApproval, .leave):
            .expired
        case (.inProgress, .agree): .pendingOwnerApproval
        case (.pendingOwnerApproval, .approve): .approved
        case (.pendingOwnerApproval, .revise), (.approved, .revise): .inProgress
        case (.pending, _), (.inProgress, _), (.pendingOwnerApproval, _), (.approved, _), (.expired, _):
            throw IllegalMove(self, event)
        }
    }
}
