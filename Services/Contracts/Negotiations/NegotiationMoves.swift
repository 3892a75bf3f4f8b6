import ServiceKit
import SharedModels

/// What can happen to a negotiation.
package enum NegotiationEvent: String, CaseIterable, Sendable {
    /// Somebody proposed terms, and rounds were left.
    case round
    /// Somebody proposed terms after the last round.
    case exhaust
    case agree
    /// Nobody did anything for too long.
    case idle
    /// A party is gone.
    case leave
    /// Both parties have approved the contract.
    case approve
    /// A party took the approvals back.
    case revise
}

/// Where a negotiation stands (the words are in `SharedModels`).
///
///     pending ──round──▶ in_progress ──agree──▶ pending_owner_approval ──approve──▶ approved
///                         │  ↺ round │ ▲                  │                            │
///                              exhaust └───────revise─────┴───────────revise───────────┘
///                                 ▼
///                              expired
///
/// `idle` leads from `pending` and `in_progress` to `expired`, too, and `leave` from every state but
/// `approved`, whose contract is cancelled.
extension NegotiationState: StateMachine {
    /// How many rounds there are before a negotiation, or one reopened by a revision, expires.
    static let roundLimit = 3

    package func applying(_ event: NegotiationEvent) throws(IllegalMove<Self, NegotiationEvent>) -> Self {
        switch (self, event) {
        case (.pending, .round): .inProgress
        case (.inProgress, .round): .inProgress
        case (.inProgress, .exhaust), (.pending, .idle), (.inProgress, .idle), (.pending, .leave),
            (.inProgress, .leave), (.pendingOwnerApproval, .leave):
            .expired
        case (.inProgress, .agree): .pendingOwnerApproval
        case (.pendingOwnerApproval, .approve): .approved
        case (.pendingOwnerApproval, .revise), (.approved, .revise): .inProgress
        case (.pending, _), (.inProgress, _), (.pendingOwnerApproval, _), (.approved, _), (.expired, _):
            throw IllegalMove(self, event)
        }
    }
}
