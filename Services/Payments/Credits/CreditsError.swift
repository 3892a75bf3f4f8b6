import ServiceKit
import SharedModels

/// Refusals about credits.
enum CreditsError: Error, Equatable {
    case notEnough(balance: Int64)
    /// The reference stands for another amount.
    case otherAmount(Int64)
    case accountNotFound(AccountID)
}

extension CreditsError: APIError {
    var code: ErrorCode {
        switch self {
        case .notEnough, .otherAmount: .conflict
        case .accountNotFound: .notFound
        }
    }

    var publicMessage: String {
        switch self {
        case .notEnough(let balance): "The balance of \(balance) credits is less than the deduction."
        case .otherAmount(let amount):
            "This reference_id was used for \(amount) credits; take another one for another amount."
        case .accountNotFound: "There is no such account."
        }
    }

    var logDetail: String? {
        if case .accountNotFound(let id) = self { "account \(id)" } else { nil }
    }
}
