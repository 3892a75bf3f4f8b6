import ServiceKit
import SharedModels

/// Refusals of the chat.
enum ChatError: Error, Equatable {
    /// A member names another account than the token's.
    case notYourself(String)
    case notAParty
    case noContract
    /// Also for somebody else's conversation.
    case unknownConversation
    case wrongReceiver
    /// Also for a message of somebody else's conversation.
    case unknownMessage
    case notReceiver
    case notSender
    case nothingSaid
    case foreignMedia
    case mediaIncomplete
    case tooManyMessages(perMinute: Int)
    case unknownEvent(String)
    case noArgument(String)
    case foreignNotice
    case unknownNotice
}

extension ChatError: APIError {
    var code: ErrorCode {
        switch self {
        case .notYourself, .notAParty, .noContract, .notReceiver, .notSender, .foreignNotice: .forbidden
        case .unknownConversation, .unknownMessage, .unknownNotice: .notFound
        case .wrongReceiver, .nothingSaid, .foreignMedia, .mediaIncomplete, .noArgument: .validationFailed
        case .unknownEvent: .badRequest
        case .tooManyMessages: .rateLimitExceeded
        }
    }

    var publicMessage: String {
        switch self {
        case .notYourself(let member): "\(member) must be your own id: the token says who you are."
        case .notAParty: "You can only open a chat of your own: you must be the client or the freelancer."
        case .noContract: "The two of you have no contract with each other."
        case .unknownConversation: "You have no such conversation."
        case .wrongReceiver: "receiverId must name the other side of the conversation."
        case .unknownMessage: "There is no such message in your conversations."
        case .notReceiver: "Only the receiver of a message can mark it as read."
        case .notSender: "Only the sender of a message can delete it."
        case .nothingSaid: "message must not be empty, unless there is media."
        case .foreignMedia: "mediaUrl must be what /api/media/upload answered."
        case .mediaIncomplete: "mediaType and mediaUrl go together."
        case .tooManyMessages(let most): "Your plan allows \(most) messages a minute; wait a little."
        case .unknownEvent(let name): "There is no event \(name)."
        case .noArgument(let name): "The event takes \(name)."
        case .foreignNotice: "You can add a notice for yourself alone; others are told by the marketplace itself."
        case .unknownNotice: "You have no such notification."
        }
    }

    var issues: [InputIssue] {
        switch self {
        case .notYourself(let member): [InputIssue(path: member, message: "must be your own id")]
        case .wrongReceiver: [InputIssue(path: "receiverId", message: "must name the other side")]
        case .nothingSaid: [InputIssue(path: "message", message: "must not be empty without media")]
        case .foreignMedia: [InputIssue(path: "mediaUrl", message: "must be what /api/media/upload answered")]
        case .mediaIncomplete: [InputIssue(path: "mediaType", message: "goes together with mediaUrl")]
        case .noArgument(let name): [InputIssue(path: name, message: "is required")]
        case .foreignNotice: [InputIssue(path: "userId", message: "must be your own id")]
        case .notAParty, .noContract, .unknownConversation, .unknownMessage, .notReceiver, .notSender, .tooManyMessages,
            .unknownEvent, .unknownNotice:
            []
        }
    }
}
