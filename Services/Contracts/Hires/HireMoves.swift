import ServiceKit
import SharedModels

/// What can happen to the work of a hire.
package enum HireEvent: String, CaseIterable, Sendable {
    /// It is approved and paid, both at last.
    case start
    /// The freelancer is at work.
    case proceed
    case complete
    case cancel
}

/// The states of a hire (the words are in `SharedModels`).
///
///     Pending ──start──▶ Started ──proceed──▶ Ongoing ──complete──▶ Completed
///        │                  │                    │
///        └──────cancel──────┴───────cancel───────┴──cancel──▶ Canceled
extension CheckoutContractStatus: StateMachine {
    package func applying(_ event: HireEvent) throws(IllegalMove<Self, HireEvent>) -> Self {
        switch (self, event) {
        case (.pending, .start): .started
        case (.started, .proceed): .ongoing
        case (.ongoing, .complete): .completed
        case (.pending, .cancel), (.started, .cancel), (.ongoing, .cancel): .canceled
        case (.pending, _), (.started, _), (.ongoing, _), (.completed, _), (.canceled, _):
            throw IllegalMove(self, event)
        }
    }

    /// What leads to this state; `nil` for the first one.
    var cause: HireEvent? {
        switch self {
        case .pending: nil
        case .started: .start
        case .ongoing: .proceed
        case .completed: .complete
        case .canceled: .cancel
        }
    }
}

/// What can happen to the release of a hire's money.
package enum ReleaseEvent: String, CaseIterable, Sendable {
    /// The client asks for it.
    case request
    /// An admin gives the money to the freelancer.
    case approve
    /// The hire is canceled, and the money divided.
    case refund
}

/// The states of a release.
///
///     NotRequested ──request──▶ Requested ──approve──▶ Approved
///          └────────────────refund────────────────────────▲
extension ReleaseFundStatus: StateMachine {
    package func applying(_ event: ReleaseEvent) throws(IllegalMove<Self, ReleaseEvent>) -> Self {
        switch (self, event) {
        case (.notRequested, .request): .requested
        case (.requested, .approve), (.notRequested, .refund): .approved
        case (.notRequested, _), (.requested, _), (.approved, _):
            throw IllegalMove(self, event)
        }
    }
}
