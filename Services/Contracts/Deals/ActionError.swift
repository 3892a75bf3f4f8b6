import ServiceKit
import SharedModels

/// Refusals by the table of actions, the same for every part of a deal.
enum ActionError: Error, Equatable {
    /// The action belongs to the other side.
    case notYours(DealAction)
    /// The present states do not permit it.
    case notNow(DealAction, state: String, allowed: [String])
    /// Another action is moving the milestone's money.
    case moneyIsMoving(allowed: [String])
    /// An unresolved dispute blocks the money.
    case disputed(allowed: [String])
    /// An account of the deal was deleted or is being deleted.
    case partyIsLeaving
}

extension ActionError: APIError {
    var code: ErrorCode {
        switch self {
        case .notYours: .forbidden
        case .notNow, .moneyIsMoving, .disputed, .partyIsLeaving: .conflict
        }
    }

    var publicMessage: String {
        switch self {
        case .notYours(let action): "Only the \(action.roles[0].rawValue) can \(action.rawValue)."
        case .notNow(let action, let state, _): "It is \(state): \(action.rawValue) is not possible now."
        case .moneyIsMoving: "The milestone's money is being moved; try again shortly."
        case .disputed: "The milestone has an open dispute: its money stays until that is resolved."
        case .partyIsLeaving: "A party of this deal is leaving the marketplace."
        }
    }

    var allowed: [String]? {
        switch self {
        case .notNow(_, _, let allowed), .moneyIsMoving(let allowed), .disputed(let allowed): allowed
        case .partyIsLeaving: []
        case .notYours: nil
        }
    }

    var retryAfter: Duration? {
        switch self {
        case .moneyIsMoving: .seconds(2)
        case .notYours, .notNow, .disputed, .partyIsLeaving: nil
        }
    }
}
