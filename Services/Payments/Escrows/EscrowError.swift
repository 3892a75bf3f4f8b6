import ServiceKit
import SharedModels

/// Refusals about escrows.
enum EscrowError: Error, Equatable {
    case notFound(MilestoneID)
    case illegalMove(IllegalEscrowMove)
    /// The call names a different amount than the one already captured.
    case amountIsSettled(MilestoneID)
    /// Another action is moving the same money and did not end in time.
    case busy(MilestoneID)
    /// A decision gives the worker more than the milestone's money.
    case shareTooLarge(MilestoneID)
    /// The client's bank disputes the payment.
    case frozen(MilestoneID)
    /// The worker has an account by now, and the money leaves for it.
    case payable(MilestoneID)
}

extension EscrowError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .illegalMove, .amountIsSettled, .frozen, .payable: .conflict
        case .shareTooLarge: .validationFailed
        case .busy: .serviceUnavailable
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "This milestone has no escrow."
        case .illegalMove(let move): "The money is \(move.state.rawValue); it cannot \(move.event.rawValue) now."
        case .amountIsSettled: "The money was captured already; its amount stays."
        case .busy: "The money is being moved; try again shortly."
        case .shareTooLarge: "worker_cents is more than the milestone's money."
        case .frozen: "The client's bank disputes the payment; the money does not move until that is decided."
        case .payable: "The worker can be paid by now; the money leaves by itself."
        }
    }

    var issues: [InputIssue] {
        guard case .shareTooLarge = self else { return [] }
        return [InputIssue(path: "worker_cents", message: "is more than the milestone's money")]
    }

    var allowed: [String]? {
        if case .illegalMove(let move) = self { move.state.allowed.map(\.rawValue) } else { nil }
    }

    var retryAfter: Duration? {
        if case .busy = self { .seconds(2) } else { nil }
    }

    var logDetail: String? {
        switch self {
        case .notFound(let id), .amountIsSettled(let id), .busy(let id), .shareTooLarge(let id), .frozen(let id),
            .payable(let id):
            "milestone \(id)"
        case .illegalMove: nil
        }
    }
}
