import ServiceKit
import SharedModels

/// Refusals about webhooks.
enum WebhookError: Error, Equatable {
    case notFound
    case tooMany
    /// The URL cannot be a webhook's; `reason` is fit for the user who supplied it.
    case unusableURL(reason: String)
}

extension WebhookError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .tooMany: .conflict
        case .unusableURL: .validationFailed
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such webhook."
        case .tooMany: "An account has at most \(WebhookWorkflow.limit) webhooks; delete one first."
        case .unusableURL(let reason): "url: \(reason)."
        }
    }

    var issues: [InputIssue] {
        if case .unusableURL(let reason) = self { [InputIssue(path: "url", message: reason)] } else { [] }
    }
}
