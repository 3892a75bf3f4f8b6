import Postgres
import SharedModels

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The kind of channel that a message was sent to.
enum MessageChannel: String, CaseIterable, Sendable, PostgresValue {
    case email, telegram, slack, discord
}

/// A message that was sent through the sandbox.
struct Message: Sendable {
    let id: MessageID
    let channel: MessageChannel
    /// A mail address, a chat, or the path of an incoming webhook.
    let recipient: String
    let subject: String?
    let text: String
    /// The request's body, as it came.
    let payload: JSONValue
    let at: Timestamp

    var json: JSONValue {
        [
            "id": .string("\(id)"), "channel": .string(channel.rawValue), "to": .string(recipient),
            "subject": JSONValue(subject),
            "text": .string(text), "payload": payload, "at": .string("\(at)"),
        ]
    }
}
