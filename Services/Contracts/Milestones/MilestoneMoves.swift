import ServiceKit
import SharedModels

/// What can happen to a milestone.
package enum MilestoneEvent: String, CaseIterable, Sendable {
    /// Its money is held, or the work is unpaid.
    case fund
    /// The hold ended without a release.
    case lapse
    case deliver
    case release
}

/// The states of a milestone (the words are in `SharedModels`).
///
///     pending ──fund──▶ funded ──deliver──▶ delivered ──release──▶ released
///        ▲               │ │                    │                     ▲
///        └─────lapse─────┘ └───────release──────┼─────────────────────┘
///        └─────────────────────lapse────────────┘
extension MilestoneStatus: StateMachine {
    package func applying(_ event: MilestoneEvent) throws(IllegalMove<Self, MilestoneEvent>) -> Self {
        switch (self, event) {
        case (.pending, .fund): .funded
        case (.funded, .lapse), (.delivered, .lapse): .pending
        case (.funded, .deliver): .delivered
        case (.funded, .release), (.delivered, .release): .released
        case (.pending, _), (.funded, _), (.delivered, _), (.released, _):
            throw IllegalMove(self, event)
        }
    }
}
