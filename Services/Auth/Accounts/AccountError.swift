import ServiceKit
import SharedModels

/// Refusals about accounts.
enum AccountError: Error, Equatable {
    case notFound(AccountID)
    /// It was deleted while the request was under way.
    case hasEnded
    /// By an admin.
    case blocked
    /// The reason, in words for the person.
    case notEligibleAsFreelancer(String)
}

extension AccountError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .hasEnded: .unauthorized
        case .blocked, .notEligibleAsFreelancer: .forbidden
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such account."
        case .hasEnded: "The account was deleted."
        case .blocked: "The account is blocked; write to the marketplace's operators."
        case .notEligibleAsFreelancer(let reason): reason
        }
    }
}
