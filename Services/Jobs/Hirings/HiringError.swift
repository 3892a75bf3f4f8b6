import ServiceKit
import SharedModels

/// Refusals to reserve a job for a contract. The client who makes the contract reads them.
enum HiringError: Error, Equatable {
    case noApplicant(AccountID, of: GigID)
    case alreadyHired(GigID)
}

extension HiringError: APIError {
    var code: ErrorCode { .badRequest }

    var publicMessage: String {
        switch self {
        case .noApplicant: "This freelancer has not applied to the job. Choose one of its applicants."
        case .alreadyHired: "There is a contract for the job already. Cancel it before you make another one."
        }
    }
}
