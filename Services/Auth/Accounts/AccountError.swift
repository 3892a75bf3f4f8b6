import ServiceKit
import SharedModels

/// Refusals about accounts.
enum AccountError: Error, Equatable {
    case notFound(AccountID)
    /// It was deleted while the request was under way.
    case hasEnded
    /// The reason, in words for the person.
    case notEligibleAsFreelancer(String)
}

extension AccountError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .hasEnded: .unauthorized
        case .notEligibleAsFreelancer: .forbidden
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such account."
        case .hasEnded: "The account was deleted."
        case .notEligibleAsFreelancer(let reason): reason
        }
    }
}
