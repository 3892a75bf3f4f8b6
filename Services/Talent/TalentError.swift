import ServiceKit
import SharedModels

/// Every way this service refuses.
enum TalentError: Error, Equatable {
    case profileNotFound(AccountID)
    case nameRequired
    case openDeals(UserType, count: Int)
}

extension TalentError: APIError {
    var code: ErrorCode {
        switch self {
        case .profileNotFound: .notFound
        case .nameRequired: .validationFailed
        case .openDeals: .conflict
        }
    }

    var publicMessage: String {
        switch self {
        case .profileNotFound: "There is no such profile."
        case .nameRequired: "display_name cannot be cleared."
        case .openDeals(let role, let count):
            "This account still has \(count) open negotiations or contracts as a \(role.rawValue); finish them before switching."
        }
    }

    var issues: [InputIssue] {
        switch self {
        case .nameRequired: [InputIssue(path: "display_name", message: "cannot be cleared")]
        case .profileNotFound, .openDeals: []
        }
    }
}
