import ServiceKit
import SharedModels

/// Refusals to reserve a job for a contract. The client who makes the contract reads them.
enum HiringError: Error, Equatable {
    case noApplicant(AccountID, of: GigID)
    case alreadyReserved(GigID)
}

extension HiringError: APIError {
    var code: ErrorCode {
        switch self {
        case .noApplicant: .badRequest
        case .alreadyReserved: .conflict
        }
    }

    var publicMessage: String {
        switch self {
        case .noApplicant: "This freelancer has not applied to the job. Choose one of its applicants."
        case .alreadyReserved: "Another contract for the job is being made. Cancel it before you make one more."
        }
    }
}
