import ServiceKit
import SharedModels

/// Refusals to show repositories.
enum RepositoryError: Error, Equatable {
    case noGitHub(AccountID)
    case gitHubUserNotFound(String)
    case gitHubUnavailable(reason: String)
}

extension RepositoryError: APIError {
    var code: ErrorCode {
        switch self {
        case .noGitHub, .gitHubUserNotFound: .notFound
        case .gitHubUnavailable: .badGateway
        }
    }

    var publicMessage: String {
        switch self {
        case .noGitHub: "This account has no GitHub name."
        case .gitHubUserNotFound: "GitHub does not know this account's GitHub name any more."
        case .gitHubUnavailable: "GitHub does not answer right now; try again shortly."
        }
    }

    var retryAfter: Duration? {
        if case .gitHubUnavailable = self { .seconds(5) } else { nil }
    }

    var logDetail: String? {
        if case .gitHubUnavailable(let reason) = self { reason } else { nil }
    }
}
