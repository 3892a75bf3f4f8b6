import ServiceKit
import SharedModels

/// Refusals about webhooks.
enum WebhookError: Error, Equatable {
    case notFound
    case tooMany
    /// The URL cannot be a webhook's; `reason` is fit for the user who supplied it.
    case unusableURL(reason: String)
    /// The caller's own secret announces a form that it does not have.
    case unusableSecret

    fileprivate static let secretProblem = "must have base64 after whsec_, or begin in another way"
}

extension WebhookError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .tooMany: .conflict
        case .unusableURL, .unusableSecret: .validationFailed
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such webhook."
        case .tooMany: "An account has at most \(WebhookWorkflow.limit) webhooks; delete one first."
        case .unusableURL(let reason): "url: \(reason)."
        case .unusableSecret: "secret \(Self.secretProblem)."
        }
    }

    var suggestion: String? {
        switch self {
        case .notFound: "Take the id from GET /v1/webhooks, which shows your webhooks."
        case .tooMany: "Remove one that is not needed any more: DELETE /v1/webhooks/{id}."
        case .unusableURL(let reason): "Correct url: \(reason)."
        case .unusableSecret: "Leave secret out to get one that fits."
        }
    }

    var issues: [InputIssue] {
        switch self {
        case .unusableURL(let reason): [InputIssue(path: "url", message: reason)]
        case .unusableSecret: [InputIssue(path: "secret", message: Self.secretProblem)]
        case .notFound, .tooMany: []
        }
    }
}
