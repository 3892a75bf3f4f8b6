import ServiceKit
import SharedModels

/// Refusals about matches.
enum MatchError: Error, Equatable {
    /// Also for somebody else's match.
    case notFound(MatchID)
    /// Matches of another account were asked for.
    case notYours
    case notNow(MatchAction, MatchStatus, allowed: [MatchAction])
    /// An acceptance is under way.
    case beingAccepted
    /// The other account is gone.
    case otherHasLeft
}

extension MatchError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .notYours: .forbidden
        case .notNow, .beingAccepted, .otherHasLeft: .conflict
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such match."
        case .notYours: "These are another account's matches; ask for your own."
        case .notNow(let action, let status, let allowed):
            "A match that is \(status.rawValue) cannot be \(action.past); "
                + (allowed.isEmpty
                    ? "nothing can be done with it any more."
                    : "it can be \(allowed.map(\.past).joined(separator: " or ")).")
        case .beingAccepted: "The match is being accepted at this moment; look at it again in a minute."
        case .otherHasLeft: "The other account has left, so that nothing can be written to it."
        }
    }

    var allowed: [String]? {
        switch self {
        case .notNow(_, _, let allowed): allowed.map(\.rawValue)
        case .beingAccepted: [MatchAction.accept.rawValue]
        case .otherHasLeft: [MatchAction.reject.rawValue]
        case .notFound, .notYours: nil
        }
    }

    var suggestion: String? {
        switch self {
        case .notFound: "Take the id from GET /v1/matches, which shows your matches."
        case .notYours: "Use GET /v1/matches, or your own id in the path."
        case .notNow(_, _, let allowed) where allowed.isEmpty:
            "Look for matches that wait for a decision with GET /v1/matches."
        case .beingAccepted: "Look at the match again in a minute."
        case .notNow, .otherHasLeft: nil
        }
    }

    var retryAfter: Duration? { self == .beingAccepted ? Match.openingTime : nil }
}

extension MatchAction {
    fileprivate var past: String {
        switch self {
        case .accept: "accepted"
        case .reject: "rejected"
        case .save: "saved"
        }
    }
}
