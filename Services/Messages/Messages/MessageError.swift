import ServiceKit
import SharedModels

/// Refusals about messages that are sent.
enum MessageError: Error, Equatable {
    case toOneself
    /// Also for somebody who has left.
    case unknownRecipient
    case noReasonToWrite
    /// The thread is not the conversation of sender and recipient.
    case unknownThread
    case unknownMatch
    case mediaInText
    /// The sender has stored no such file.
    case unknownMedia
}

extension MessageError: APIError {
    var code: ErrorCode {
        switch self {
        case .toOneself, .mediaInText, .unknownMedia: .validationFailed
        case .unknownRecipient, .unknownThread, .unknownMatch: .notFound
        case .noReasonToWrite: .forbidden
        }
    }

    var publicMessage: String {
        switch self {
        case .toOneself: "recipient_id must name somebody else."
        case .unknownRecipient: "There is no such recipient."
        case .noReasonToWrite:
            "You can write to people whom you share a match, a deal or a conversation with; accept a match first."
        case .unknownThread: "You have no such conversation with the recipient; leave thread_id out."
        case .unknownMatch: "You have no such match with the recipient; leave match_id out."
        case .unknownMedia: "media_id names no file of yours; upload it with POST /api/media/upload first."
        case .mediaInText: "A text has no media_id; send it as an image, a file or audio."
        }
    }

    var suggestion: String? {
        switch self {
        case .toOneself, .unknownRecipient: "Take recipient_id from a match, or from one of your conversations."
        case .noReasonToWrite: "Accept a match with them first: POST /v1/matches/{id}/action."
        case .unknownThread: "Leave metadata.thread_id out: the two of you have one conversation."
        case .unknownMatch: "Leave metadata.match_id out, or take it from GET /v1/matches."
        case .mediaInText: "Send type as image, file or audio, or leave metadata.media_id out."
        case .unknownMedia: "Upload it with POST /api/media/upload, and send the id that this answers."
        }
    }

    var issues: [InputIssue] {
        switch self {
        case .toOneself: [InputIssue(path: "recipient_id", message: "must name somebody else")]
        case .unknownRecipient: [InputIssue(path: "recipient_id", message: "names nobody")]
        case .unknownThread: [InputIssue(path: "metadata.thread_id", message: "names no conversation of the two")]
        case .unknownMatch: [InputIssue(path: "metadata.match_id", message: "names no match of the two")]
        case .mediaInText: [InputIssue(path: "metadata.media_id", message: "does not go with a text")]
        case .unknownMedia:
            [InputIssue(path: "metadata.media_id", message: "must be an image or a video that you have uploaded")]
        case .noReasonToWrite: []
        }
    }
}
