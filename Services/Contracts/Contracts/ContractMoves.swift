import ServiceKit
import SharedModels

/// What can happen to a contract.
package enum ContractEvent: String, CaseIterable, Sendable {
    /// The second approval, when the worker must still finish onboarding at the payment provider.
    case approveBeforeOnboarding
    /// The second approval, when the worker has nothing left to do.
    case approve
    /// A party withdrew the approvals.
    case revise
    /// The client began to pay, and the provider does not hold the money yet.
    case startFunding
    /// The first milestone is funded.
    case fund
    /// The hold has ended.
    case lapse
    /// The worker finished onboarding before the first milestone was funded.
    case onboard
    /// The worker finished onboarding after the first milestone was funded.
    case onboardWhenFunded
    /// Every milestone is released. Before the onboarding only a dispute's decision can cause this.
    case complete
    /// The activation deadline has passed.
    case expire
    case cancel
}

/// The states of a contract (the words are in `SharedModels`).
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
/// `revise` leads from every pending state back to the first. `expire` ends every state between approval and
/// activation, and `cancel` every state that is not an end state. `complete` also ends `pending_freelancer_kyc`.
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
        // An active contract keeps its state when its money comes or goes.
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

    /// Both parties have approved it and it is not active yet, so the activation deadline runs.
    var isActivating: Bool { allows(.expire) }

    /// Whether it waits for the worker's onboarding.
    var awaitsOnboarding: Bool { allows(.onboard) }
}
