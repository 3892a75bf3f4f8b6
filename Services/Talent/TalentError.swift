import ServiceKit
import SharedModels

/// All refusals of this service.
enum TalentError: Error, Equatable {
    case profileNotFound(AccountID)
    case nameRequired
    case openDeals(UserType, count: Int)
    case resumeNotFound
    case storageUnavailable(reason: String)
    case vouchForOneself
    case vouchedBefore
    case noGitHub(AccountID)
    case gitHubUserNotFound(String)
    case gitHubUnavailable(reason: String)
}

extension TalentError: APIError {
    var code: ErrorCode {
        switch self {
        case .profileNotFound, .resumeNotFound, .noGitHub, .gitHubUserNotFound: .notFound
        case .nameRequired, .vouchForOneself: .validationFailed
        case .openDeals, .vouchedBefore: .conflict
        case .storageUnavailable: .serviceUnavailable
        case .gitHubUnavailable: .badGateway
        }
    }

    var publicMessage: String {
        switch self {
        case .profileNotFound: "There is no such profile."
        case .nameRequired: "display_name cannot be cleared."
        case .openDeals(let role, let count):
            "This account still has \(count.counted("open deal")) as \(role.rawValue.withArticle); "
                + "finish them before switching."
        case .resumeNotFound: "There is no such resume."
        case .storageUnavailable: "Files cannot be stored or read right now; try again shortly."
        case .vouchForOneself: "Nobody can vouch for themselves."
        case .vouchedBefore: "You vouch for this account already."
        case .noGitHub: "This account has no GitHub name."
        case .gitHubUserNotFound: "GitHub does not know this account's GitHub name any more."
        case .gitHubUnavailable: "GitHub does not answer right now; try again shortly."
        }
    }

    var issues: [InputIssue] {
        switch self {
        case .nameRequired: [InputIssue(path: "display_name", message: "cannot be cleared")]
        case .vouchForOneself: [InputIssue(path: "vouched_user_id", message: "must be somebody else")]
        case .profileNotFound, .openDeals, .resumeNotFound, .storageUnavailable, .vouchedBefore, .noGitHub,
            .gitHubUserNotFound, .gitHubUnavailable:
            []
        }
    }

    var retryAfter: Duration? {
        switch self {
        case .storageUnavailable, .gitHubUnavailable: .seconds(5)
        case .profileNotFound, .nameRequired, .openDeals, .resumeNotFound, .vouchForOneself, .vouchedBefore,
            .noGitHub,
            .gitHubUserNotFound:
            nil
        }
    }

    var logDetail: String? {
        switch self {
        case .storageUnavailable(let reason), .gitHubUnavailable(let reason): reason
        case .profileNotFound, .nameRequired, .openDeals, .resumeNotFound, .vouchForOneself, .vouchedBefore,
            .noGitHub,
            .gitHubUserNotFound:
            nil
        }
    }
}
