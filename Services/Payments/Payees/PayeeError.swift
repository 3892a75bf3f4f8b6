import ServiceKit
import SharedModels

/// Refusals about payees.
enum PayeeError: Error, Equatable {
    /// The payout waits until the worker has finished onboarding.
    case notOnboarded(AccountID)
    case alreadyOnboarded(AccountID)
}

extension PayeeError: APIError {
    var code: ErrorCode { .conflict }

    var publicMessage: String {
        switch self {
        case .notOnboarded: "The payee has not finished onboarding."
        case .alreadyOnboarded: "The payee has already finished onboarding."
        }
    }

    var logDetail: String? {
        switch self {
        case .notOnboarded(let id), .alreadyOnboarded(let id): "account \(id)"
        }
    }
}
