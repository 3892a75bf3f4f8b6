import ServiceKit
import SharedModels

/// Refusals about hires.
enum HireError: Error, Equatable {
    /// Also for a stranger, who must not learn that it exists.
    case notFound
    /// The action belongs to the other side.
    case notYours(HireAction)
    /// The present state does not permit it.
    case notNow(HireAction, CheckoutContractStatus, allowed: [String])
    /// The freelancer cannot set this status now. `allowed` are those that can be set.
    case notSettable(CheckoutContractStatus, from: CheckoutContractStatus, allowed: [String])
    /// It is canceled by a refund, because it is paid.
    case isPaid(allowed: [String])
    /// The client has asked for the release already, or the money is released.
    case alreadyRequested(ReleaseFundStatus)
    /// The job has a contract, or is about to get one.
    case jobIsTaken
    /// The account in the path is not the caller's.
    case othersPath(String)
}

extension HireError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .notYours, .othersPath: .forbidden
        case .notNow, .notSettable, .isPaid, .alreadyRequested, .jobIsTaken: .badRequest
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such contract."
        case .notYours(.approve): "Only the freelancer can approve the contract."
        case .notYours(.pay): "Only the client can pay."
        case .notYours(.refund): "Only the client can cancel a paid contract, with a refund."
        case .notYours(.updateStatus): "Only the freelancer can say how far the work is."
        case .notYours(.releaseFund): "Only the client can ask for the release of the money."
        case .notYours(.review): "Only the client can review the freelancer here."
        case .notYours(.cancel): "Only the parties can cancel the contract."
        case .notNow(.releaseFund, let status, _) where status != .completed:
            "The contract is \(status.rawValue): money is released when it is Completed."
        case .notNow(.review, let status, _) where status != .completed:
            "The contract is \(status.rawValue): it can be reviewed when it is Completed."
        case .notNow(let action, let status, _):
            "The contract is \(status.rawValue): \(action.rawValue) is not possible now."
        case .notSettable(.started, .pending, _):
            "The contract starts by itself, as soon as the freelancer has approved it and the client has paid."
        case .notSettable(let wanted, let status, _):
            "The contract is \(status.rawValue): it cannot become \(wanted.rawValue) now."
        case .isPaid:
            "The contract is paid: its money must be divided. The client cancels it with a refund"
                + " (PUT /api/admin/escrow/refund-client/{contractId}/{clientId})."
        case .alreadyRequested(.approved): "The contract's money is released already."
        case .alreadyRequested: "The release of the contract's money is requested already."
        case .jobIsTaken: "The job has a contract already."
        case .othersPath(let name): "\(name) must be your own id."
        }
    }

    var allowed: [String]? {
        switch self {
        case .notNow(_, _, let allowed), .notSettable(_, _, let allowed), .isPaid(let allowed): allowed
        case .alreadyRequested, .notFound, .notYours, .jobIsTaken, .othersPath: nil
        }
    }
}
