import ServiceKit
import SharedModels

/// Every way contracts refuses.
enum ContractsError: Error, Equatable {
    /// Also for whoever is no party: a stranger must not learn that it exists.
    case negotiationNotFound
    case contractNotFound
    case milestoneNotFound
    case notYours(DealAction)
    /// The states do not permit it now.
    case notNow(DealAction, state: String, allowed: [String])
    /// Another action moves the milestone's money and has not ended.
    case moneyIsMoving(allowed: [String])
    case noTerms
    case staleRound(current: Int, allowed: [String])
    /// The fourth round: the negotiation has expired with this call.
    case roundsUsedUp
    case alreadyNegotiating
    /// Rate times hours is more than 2^53 - 1 cents.
    case amountTooLarge(allowed: [String])
}

extension ContractsError: APIError {
    var code: ErrorCode {
        switch self {
        case .negotiationNotFound, .contractNotFound, .milestoneNotFound: .notFound
        case .notYours: .forbidden
        case .noTerms: .validationFailed
        case .notNow, .moneyIsMoving, .staleRound, .roundsUsedUp, .alreadyNegotiating, .amountTooLarge:
            .conflict
        }
    }

    var publicMessage: String {
        switch self {
        case .negotiationNotFound: "There is no such negotiation."
        case .contractNotFound: "There is no such contract."
        case .milestoneNotFound: "There is no such milestone."
        case .notYours(let action): "Only the \(action.roles[0].rawValue) can \(action.rawValue)."
        case .notNow(let action, let state, _): "It is \(state): \(action.rawValue) is not possible now."
        case .moneyIsMoving: "The milestone's money is being moved; try again shortly."
        case .noTerms: "A round proposes at least one term."
        case .staleRound(let current, _): "The terms have changed since: round \(current) stands."
        case .roundsUsedUp: "All three rounds were used; the negotiation has expired."
        case .alreadyNegotiating: "A live negotiation with this worker about this gig exists already."
        case .amountTooLarge: "The rate times the hours is more than can be paid."
        }
    }

    var issues: [InputIssue] {
        guard self == .noTerms else { return [] }
        return [InputIssue(path: "", message: "must name at least one term")]
    }

    var allowed: [String]? {
        switch self {
        case .notNow(_, _, let allowed), .moneyIsMoving(let allowed), .staleRound(_, let allowed),
            .amountTooLarge(let allowed):
            allowed
        case .roundsUsedUp: []
        case .negotiationNotFound, .contractNotFound, .milestoneNotFound, .notYours, .noTerms,
            .alreadyNegotiating:
            nil
        }
    }

    var retryAfter: Duration? {
        guard case .moneyIsMoving = self else { return nil }
        return .seconds(2)
    }
}
