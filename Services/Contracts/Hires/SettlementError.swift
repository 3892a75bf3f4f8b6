import ServiceKit
import SharedModels

/// Why a hire's money cannot be paid, released or divided.
enum SettlementError: Error, Equatable {
    case othersJob
    case otherFreelancer
    case isPaid
    case otherAmount(Money)
    /// It is known a moment later.
    case undecided
    case notCompleted(CheckoutContractStatus)
    case notRequested
    case notDivisible(CheckoutContractStatus)
    case notPaid
}

extension SettlementError: APIError {
    var code: ErrorCode {
        switch self {
        case .othersJob: .forbidden
        case .otherFreelancer, .isPaid, .otherAmount: .conflict
        case .undecided: .serviceUnavailable
        case .notCompleted, .notRequested, .notDivisible, .notPaid: .badRequest
        }
    }

    var publicMessage: String {
        switch self {
        case .othersJob: "Only the job's client can pay for it."
        case .otherFreelancer: "The job has a contract with another freelancer."
        case .isPaid: "The job's contract is paid already."
        case .otherAmount(let amount): "The contract's amount is \(Rupees(amount).text): pay that."
        case .undecided: "This cannot be decided right now; try again shortly."
        case .notCompleted(let status):
            "The contract is \(status.rawValue): money is released when it is Completed."
        case .notRequested: "The client has not asked for the release of the money yet."
        case .notDivisible(let status):
            "The contract is \(status.rawValue): only one that is under way can be refunded."
        case .notPaid: "The contract is not paid: it can be canceled without a refund."
        }
    }

    var retryAfter: Duration? { self == .undecided ? .seconds(2) : nil }
}
