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
    /// The worker would add a milestone.
    case clientAddsMilestones
    case notActive(status: String, allowed: [String])
    case tooManyMilestones(allowed: [String])
    case alreadyReviewed(allowed: [String])
    case reviewNotFound
    /// There is no such account whose reviews could be read.
    case accountNotFound
    case disputeNotFound
    /// A dispute is opened as the other side.
    case notYourSide(PartyRole)
    /// Whoever opened a dispute would answer it.
    case openedByYou
    /// A dispute that is not resolved keeps the money where it is.
    case disputed(allowed: [String])
    /// The dispute took another turn while advice on it was being given.
    case outdatedAdvice(allowed: [String])
    /// Another decision stands.
    case decidedOtherwise
    /// An account of the deal was deleted, or is being deleted right now.
    case partyIsLeaving
    /// What is wrong with the members of a dispute's body, taken together.
    case invalid([InputIssue])
    /// The language model gave no advice that can be used.
    case noAdvice(reason: String)
}

extension ContractsError: APIError {
    var code: ErrorCode {
        switch self {
        case .negotiationNotFound, .contractNotFound, .milestoneNotFound, .disputeNotFound, .reviewNotFound,
            .accountNotFound:
            .notFound
        case .notYours, .clientAddsMilestones, .notYourSide, .openedByYou: .forbidden
        case .noTerms, .invalid: .validationFailed
        case .notNow, .moneyIsMoving, .staleRound, .roundsUsedUp, .alreadyNegotiating, .amountTooLarge,
            .disputed,
            .outdatedAdvice, .decidedOtherwise, .notActive, .tooManyMilestones, .alreadyReviewed,
            .partyIsLeaving:
            .conflict
        case .noAdvice: .serviceUnavailable
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
        case .clientAddsMilestones: "Only the client can add milestones."
        case .notActive(let status, _): "It is \(status): milestones are added to active contracts only."
        case .tooManyMilestones: "A contract has at most \(Contract.milestoneLimit) milestones."
        case .alreadyReviewed: "You have reviewed this contract already."
        case .reviewNotFound: "There is no such review."
        case .accountNotFound: "There is no such account."
        case .disputeNotFound: "There is no such dispute."
        case .notYourSide(let role):
            "You are the \(role.rawValue) of this contract; disputing_party must say so."
        case .openedByYou: "You opened this dispute; the other party responds to it."
        case .disputed: "There is an open dispute over the milestone: its money stays until that is resolved."
        case .outdatedAdvice: "The dispute has changed meanwhile; ask again."
        case .decidedOtherwise: "The dispute was decided already, and otherwise."
        case .partyIsLeaving: "A party of this deal is leaving the marketplace."
        case .invalid(let issues):
            issues.first.map { "\($0.path) \($0.message)." } ?? "The input is not valid."
        case .noAdvice: "No advice can be given right now; try again shortly."
        }
    }

    var issues: [InputIssue] {
        if case .invalid(let issues) = self { return issues }
        guard self == .noTerms else { return [] }
        return [InputIssue(path: "", message: "must name at least one term")]
    }

    var allowed: [String]? {
        switch self {
        case .notNow(_, _, let allowed), .moneyIsMoving(let allowed), .staleRound(_, let allowed),
            .amountTooLarge(let allowed), .disputed(let allowed), .outdatedAdvice(let allowed),
            .notActive(_, let allowed), .tooManyMilestones(let allowed), .alreadyReviewed(let allowed):
            allowed
        case .roundsUsedUp, .decidedOtherwise, .partyIsLeaving: []
        case .negotiationNotFound, .contractNotFound, .milestoneNotFound, .notYours, .noTerms,
            .alreadyNegotiating, .disputeNotFound, .notYourSide, .openedByYou, .invalid, .noAdvice,
            .clientAddsMilestones, .reviewNotFound, .accountNotFound:
            nil
        }
    }

    var retryAfter: Duration? {
        if case .noAdvice = self { return .seconds(5) }
        guard case .moneyIsMoving = self else { return nil }
        return .seconds(2)
    }

    var logDetail: String? {
        guard case .noAdvice(let reason) = self else { return nil }
        return "no advice: \(reason)"
    }
}
