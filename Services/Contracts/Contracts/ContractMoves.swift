import ServiceKit
import SharedModels

/// What can happen to a contract.
package enum ContractEvent: String, CaseIterable, Sendable {
    /// The second approval, when the worker must still finish onboarding at the payment provider.
    case approveBeforeOnboarding
    /// The second approval, when nothing more is asked of the worker.
    case approve
    /// A party took the approvals back.
    case revise
    /// The client began to pay and the provider does not hold the money yet.
    case startFunding
    /// The first milestone is funded.
    case fund
    /// The hold is gone again.
    case lapse
    /// The worker finished onboarding, and the first milestone is not funded.
    case onboard
    /// The worker finished onboarding, and the first milestone is funded.
    case onboardWhenFunded
    /// Every milestone is released; before the onboarding only a dispute's decision can do that.
    case complete
    /// The activation deadline has passed.
    case expire
    case cancel
}

/// Where a contract stands (the words are in `SharedModels`).
///
///     pending_owner_approval ──approve──▶ pending_client_funding ──fund──▶ active ──complete──▶ completed
///       │                                   ▲        ▲                       ▲
///       │                                onboard  onboard             onboardWhenFunded
///       │                                   │        │                       │
///       └─approveBeforeOnboarding─▶ pending_freelancer_kyc ──────────────────┘
///                                     │     ▲        │
///                            startFunding  fund,     │
///                                     ▼    lapse     │
///                                   pending_both ────┘
///
/// `revise` leads from every pending state back to the first; `expire` ends every state between approval and
/// activation, `cancel` every state that is not an end. `complete` also ends `pending_freelancer_kyc`.
extension ContractStatus: StateMachine {
    package func applying(_ event: ContractEvent) throws(IllegalMove<Self, ContractEvent>) -> Self {
        switch (self, event) {
        case (.pendingOwnerApproval, .approveBeforeOnboarding): .pendingFreelancerKYC
        case (.pendingOwnerApproval, .approve): .pendingClientFunding
        case (.pendingOwnerApproval, .revise), (.pendingFreelancerKYC, .revise),
            (.pendingClientFunding, .revise),
            (.pendingBoth, .revise):
            .pendingOwnerApproval
        case (.pendingFreelancerKYC, .startFunding), (.pendingBoth, .startFunding): .pendingBoth
        case (.pendingFreelancerKYC, .fund), (.pendingBoth, .fund): .pendingFreelancerKYC
        case (.pendingFreelancerKYC, .lapse), (.pendingBoth, .lapse): .pendingFreelancerKYC
        case (.pendingFreelancerKYC, .onboard), (.pendingBoth, .onboard): .pendingClientFunding
        case (.pendingFreelancerKYC, .onboardWhenFunded): .active
        case (.pendingClientFunding, .startFunding), (.pendingClientFunding, .lapse): .pendingClientFunding
        case (.pendingClientFunding, .fund): .active
        // Money of an active contract comes and goes without moving it.
        case (.active, .startFunding), (.active, .fund), (.active, .lapse): .active
        case (.active, .complete), (.pendingFreelancerKYC, .complete): .completed
        case (.pendingFreelancerKYC, .expire), (.pendingClientFunding, .expire), (.pendingBoth, .expire):
            .expired
        case (.pendingOwnerApproval, .cancel), (.pendingFreelancerKYC, .cancel),
            (.pendingClientFunding, .cancel),
            (.pendingBoth, .cancel), (.active, .cancel):
            .cancelled
        case (.pendingOwnerApproval, _), (.pendingFreelancerKYC, _), (.pendingClientFunding, _),
            (.pendingBoth, _),
            (.active, _), (.completed, _), (.cancelled, _), (.expired, _):
            throw IllegalMove(self, event)
        }
    }

    /// Approved by both, and not active yet: the activation deadline runs.
    var isActivating: Bool { allows(.expire) }

    /// Whether the worker's onboarding is what it waits for.
    var awaitsOnboarding: Bool { allows(.onboard) }
}
