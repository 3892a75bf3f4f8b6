import ServiceKit
import SharedModels

/// What can happen to a dispute.
package enum DisputeEvent: String, CaseIterable, Sendable {
    /// The other party submitted its evidence.
    case respond
    /// The response deadline has passed.
    case overdue
    /// Somebody asked for advice.
    case recommend
    /// An admin's decision was carried out.
    case resolve
}

/// The states of a dispute (the words are in `SharedModels`).
///
///     open ──respond──▶ responded ──resolve──▶ resolved
///      │ │                                      ▲ ▲
///      │ └──overdue──▶ under_review ──resolve───┘ │
///      └────────────────resolve───────────────────┘
///
/// `recommend` leaves every state but the last as it is.
extension DisputeStatus: StateMachine {
    package func applying(_ event: DisputeEvent) throws(IllegalMove<Self, DisputeEvent>) -> Self {
        switch (self, event) {
        case (.open, .respond): .responded
        case (.open, .overdue): .underReview
        case (.open, .recommend), (.responded, .recommend), (.underReview, .recommend): self
        case (.open, .resolve), (.responded, .resolve), (.underReview, .resolve): .resolved
        case (.open, _), (.responded, _), (.underReview, _), (.resolved, _):
            throw IllegalMove(self, event)
        }
    }
}
