import ServiceKit
import SharedModels

/// Refusals about conversations.
enum ConversationError: Error, Equatable {
    /// Also for a stranger, who must not learn of it.
    case notFound
    /// `before` names no message of the conversation.
    case unknownMessage
}

extension ConversationError: APIError {
    var code: ErrorCode { .notFound }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such conversation."
        case .unknownMessage: "before names no message of this conversation; use next_before of the page before."
        }
    }

    var suggestion: String? {
        switch self {
        case .notFound: "Take the id from GET /v1/messages/conversations, which shows your conversations."
        case .unknownMessage: "Send as before the next_before of the page before, or leave it out for the newest page."
        }
    }

    var issues: [InputIssue] {
        switch self {
        case .notFound: []
        case .unknownMessage: [InputIssue(path: "before", message: "names no message of this conversation")]
        }
    }
}
