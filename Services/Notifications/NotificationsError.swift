import ServiceKit
import SharedModels

/// All refusals of this service.
enum NotificationsError: Error, Equatable {
    case webhookNotFound
    case channelNotFound
    case tooManyWebhooks
    case tooManyChannels
    /// The URL cannot be a webhook's; `reason` is fit for the user who supplied it.
    case unusableURL(reason: String)
    case unusableConfig([InputIssue])
}

extension NotificationsError: APIError {
    var code: ErrorCode {
        switch self {
        case .webhookNotFound, .channelNotFound: .notFound
        case .tooManyWebhooks, .tooManyChannels: .conflict
        case .unusableURL, .unusableConfig: .validationFailed
        }
    }

    var publicMessage: String {
        switch self {
        case .webhookNotFound: "There is no such webhook."
        case .channelNotFound: "There is no such notification channel."
        case .tooManyWebhooks: "An account has at most \(WebhookWorkflow.limit) webhooks."
        case .tooManyChannels: "An account has at most \(ChannelWorkflow.limit) notification channels."
        case .unusableURL(let reason): "url: \(reason)."
        case .unusableConfig(let issues): issues.first.map { "\($0.path) \($0.message)." } ?? "The config is not valid."
        }
    }

    var issues: [InputIssue] {
        switch self {
        case .unusableURL(let reason): [InputIssue(path: "url", message: reason)]
        case .unusableConfig(let issues): issues
        case .webhookNotFound, .channelNotFound, .tooManyWebhooks, .tooManyChannels: []
        }
    }
}
