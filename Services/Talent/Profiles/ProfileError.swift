import ServiceKit
import SharedModels

/// Refusals about profiles.
enum ProfileError: Error, Equatable {
    case notFound(AccountID)
    case nameRequired
    case openDeals(UserType, count: Int)
}

extension ProfileError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .nameRequired: .validationFailed
        case .openDeals: .conflict
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such profile."
        case .nameRequired: "display_name cannot be cleared."
        case .openDeals(let role, let count):
            "This account still has \(count.counted("open deal")) as \(role.rawValue.withArticle); "
                + "finish them before switching."
        }
    }

    var suggestion: String? {
        if case .notFound = self { "Take the id from GET /v1/profiles, or from a match." } else { nil }
    }

    var issues: [InputIssue] {
        self == .nameRequired ? [InputIssue(path: "display_name", message: "cannot be cleared")] : []
    }
}
