import ServiceKit
import SharedModels

/// Refusals about notification channels.
enum ChannelError: Error, Equatable {
    case notFound
    case tooMany
    case unusableConfig([InputIssue])
    case wrongCode
    /// No code was sent, it is too old, or it was guessed wrongly too often.
    case noCode
    case tooManyCodes
    /// A link to unsubscribe that is not one of ours, or whose channel is gone.
    case badLink

    fileprivate static let codeProblem = "is not the code that was sent"
}

extension ChannelError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound, .badLink: .notFound
        case .tooMany, .noCode: .conflict
        case .unusableConfig, .wrongCode: .validationFailed
        case .tooManyCodes: .rateLimitExceeded
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such notification channel."
        case .tooMany: "An account has at most \(ChannelWorkflow.limit) notification channels; delete one first."
        case .badLink: "This link is not valid any more."
        case .wrongCode: "code \(Self.codeProblem)."
        case .noCode: "No code is valid now: have another sent with POST /api/notifications/{id}/code."
        case .tooManyCodes: "This address got \(ChannelCodes.mostPerDay) codes today; try again tomorrow."
        case .unusableConfig(let issues): issues.first.map { "\($0.path) \($0.message)." } ?? "The config is not valid."
        }
    }

    var issues: [InputIssue] {
        switch self {
        case .unusableConfig(let issues): issues
        case .wrongCode: [InputIssue(path: "code", message: Self.codeProblem)]
        case .notFound, .tooMany, .noCode, .tooManyCodes, .badLink: []
        }
    }

    var retryAfter: Duration? { self == .tooManyCodes ? .hours(24) : nil }
}
