import ServiceKit
import SharedModels

/// Refusals about negotiations, besides ``ActionError``.
enum NegotiationError: Error, Equatable {
    /// Also for a stranger, who must not learn that it exists.
    case notFound
    case noTerms
    /// The caller agrees to a round that is not the latest.
    case staleRound(current: Int, allowed: [String])
    /// The fourth round: the negotiation has expired with this call.
    case roundsUsedUp
    case alreadyNegotiating
    /// Rate times hours exceeds 2^53 - 1 cents.
    case amountTooLarge(allowed: [String])
}

extension NegotiationError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .noTerms: .validationFailed
        case .staleRound, .roundsUsedUp, .alreadyNegotiating, .amountTooLarge: .conflict
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such negotiation."
        case .noTerms: "A round proposes at least one term."
        case .staleRound(let current, _): "The terms have changed since: round \(current) stands."
        case .roundsUsedUp: "All three rounds were used; the negotiation has expired."
        case .alreadyNegotiating: "You are already negotiating with this worker about this gig."
        case .amountTooLarge: "The rate times the hours is more than can be paid."
        }
    }

    var issues: [InputIssue] {
        guard self == .noTerms else { return [] }
        return [InputIssue(path: "", message: "must name at least one term")]
    }

    var allowed: [String]? {
        switch self {
        case .staleRound(_, let allowed), .amountTooLarge(let allowed): allowed
        case .roundsUsedUp: []
        case .notFound, .noTerms, .alreadyNegotiating: nil
        }
    }
}
