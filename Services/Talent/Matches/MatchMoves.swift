import ServiceKit
import SharedModels

/// What can happen to a match.
package enum MatchEvent: String, CaseIterable, Sendable {
    /// Its user wants it, and the conversation is open.
    case accept
    /// Its user, or the other, does not want it.
    case reject
    /// Its user keeps it in mind.
    case save
    /// Its time is over, or the two do not fit any more.
    case expire
}

/// The states of a match (the words are in `SharedModels`).
///
///     pending ──save──▶ saved
///
/// From both, `accept` leads to accepted, `reject` to rejected and `expire` to expired, where it ends.
extension MatchStatus: StateMachine {
    package func applying(_ event: MatchEvent) throws(IllegalMove<Self, MatchEvent>) -> Self {
        switch (self, event) {
        case (.pending, .save): .saved
        case (.pending, .accept), (.saved, .accept): .accepted
        case (.pending, .reject), (.saved, .reject): .rejected
        case (.pending, .expire), (.saved, .expire): .expired
        case (.saved, _), (.accepted, _), (.rejected, _), (.expired, _):
            throw IllegalMove(self, event)
        }
    }
}

extension MatchEvent {
    /// What the match's user does to make it happen; `nil` for what happens by itself.
    var action: MatchAction? {
        switch self {
        case .accept: .accept
        case .reject: .reject
        case .save: .save
        case .expire: nil
        }
    }
}
