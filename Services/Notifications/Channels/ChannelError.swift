import ServiceKit
import SharedModels

/// Refusals about notification channels.
enum ChannelError: Error, Equatable {
    case notFound
    case tooMany
    case unusableConfig([InputIssue])
}

extension ChannelError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .tooMany: .conflict
        case .unusableConfig: .validationFailed
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such notification channel."
        case .tooMany: "An account has at most \(ChannelWorkflow.limit) notification channels; delete one first."
        case .unusableConfig(let issues): issues.first.map { "\($0.path) \($0.message)." } ?? "The config is not valid."
        }
    }

    var issues: [InputIssue] {
        if case .unusableConfig(let issues) = self { issues } else { [] }
    }
}
