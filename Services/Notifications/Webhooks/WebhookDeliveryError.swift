import ServiceKit
import SharedModels

/// Refusals about the deliveries to a webhook.
enum WebhookDeliveryError: Error, Equatable {
    case notFound
    /// It is not over yet.
    case pending
    case webhookDisabled
    case unusableReplay(member: String, reason: String)
}

extension WebhookDeliveryError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .pending, .webhookDisabled: .conflict
        case .unusableReplay: .validationFailed
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such delivery."
        case .pending: "The delivery is still pending: it is sent again by itself."
        case .webhookDisabled: "The webhook is disabled: enable it first."
        case .unusableReplay(let member, let reason): "\(member) \(reason)."
        }
    }

    var suggestion: String? {
        switch self {
        case .webhookDisabled: "Enable it with PATCH /api/webhooks/{id}, or register another."
        case .notFound, .pending, .unusableReplay: nil
        }
    }

    var issues: [InputIssue] {
        if case .unusableReplay(let member, let reason) = self {
            [InputIssue(path: member, message: reason)]
        } else {
            []
        }
    }
}
