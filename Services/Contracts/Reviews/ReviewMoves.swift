import ServiceKit
import SharedModels

/// What can happen to a review.
package enum ReviewEvent: String, CaseIterable, Sendable {
    /// Both parties have written, or the review has waited long enough.
    case publish
    /// An admin takes it down.
    case hide
}

/// The states of a review (the words are in `SharedModels`).
///
///     pending ──publish──▶ published ──hide──▶ hidden
///        └───────────────hide───────────────────▲
extension ReviewStatus: StateMachine {
    package func applying(_ event: ReviewEvent) throws(IllegalMove<Self, ReviewEvent>) -> Self {
        switch (self, event) {
        case (.pending, .publish): .published
        case (.pending, .hide), (.published, .hide): .hidden
        case (.published, _), (.hidden, _):
            throw IllegalMove(self, event)
        }
    }
}
