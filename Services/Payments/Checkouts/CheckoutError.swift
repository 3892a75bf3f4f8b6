import ServiceKit
import SharedModels

/// Refusals about payments for contracts.
enum CheckoutError: Error, Equatable {
    /// The contract has no money in escrow, or is not the caller's.
    case notFound(ContractID)
    case alreadyReleased
    case alreadyRefunded
    /// Only admins and the contract's own client.
    case notForFreelancers
    /// The path names another client than the contract's, or than the caller.
    case otherClient
    /// The client has paid, and the bank has not answered yet.
    case underWay
    /// Another page for the same payment was asked for meanwhile.
    case replaced
    /// Another action is moving the same money and did not end in time.
    case busy(CheckoutID)
    /// The client's bank disputes the payment.
    case frozen
    case illegalMove(IllegalCheckoutMove)
}

extension CheckoutError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .alreadyReleased, .alreadyRefunded: .badRequest
        case .notForFreelancers, .otherClient: .forbidden
        case .underWay, .replaced, .frozen, .illegalMove: .conflict
        case .busy: .serviceUnavailable
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no contract of this id with money in escrow."
        case .alreadyReleased: "The money was released to the freelancer already."
        case .alreadyRefunded: "The contract was canceled and its money divided already."
        case .notForFreelancers: "Only an admin or the contract's client can have the money back."
        case .otherClient:
            "The client in the path must be the contract's, and your own account unless you are an admin."
        case .underWay: "A payment for this is under way; wait until the bank has answered."
        case .replaced: "Another payment page was opened for this meanwhile; use that one, or ask again."
        case .busy: "The money is being moved; try again shortly."
        case .frozen: "The client's bank disputes the payment; the money does not move until that is decided."
        case .illegalMove(let move):
            "The payment is \(move.state.rawValue); it cannot \(move.event.rawValue.replacing("_", with: " ")) now."
        }
    }

    var retryAfter: Duration? {
        if case .busy = self { .seconds(2) } else { nil }
    }

    var logDetail: String? {
        switch self {
        case .notFound(let id): "contract \(id)"
        case .busy(let id): "checkout \(id)"
        case .alreadyReleased, .alreadyRefunded, .notForFreelancers, .otherClient, .underWay, .replaced, .frozen,
            .illegalMove:
            nil
        }
    }
}
