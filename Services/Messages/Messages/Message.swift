import Postgres
import SharedModels

/// What somebody wants to say.
struct MessageDraft: Sendable, Equatable {
    var body: String
    var type = MessageType.text
    var matchID: MatchID?
    var mediaID: FileID?
    /// What Skillhouse shows of the attachment.
    var mediaType: MediaKind?
}

/// Something that was said.
struct Message: Sendable, Equatable {
    /// What is left of a deleted message.
    static let tombstone = "This message was deleted."

    let id: MessageID
    let conversationID: ConversationID
    /// Counted from 1 in its conversation.
    let position: Int64
    /// Counted from 1 among its sender's messages in the conversation.
    let ordinal: Int64
    let senderID: AccountID
    let type: MessageType
    let body: String
    let matchID: MatchID?
    let mediaID: FileID?
    let mediaType: MediaKind?
    let sentAt: Timestamp
    var deletedAt: Timestamp?
    var readAt: Timestamp?

    /// The text for readers.
    var text: String { deletedAt == nil ? body : Self.tombstone }
}

extension Message {
    var metadata: MessageMetadata {
        MessageMetadata(
            matchID: matchID.map(PrefixedID.init), threadID: PrefixedID(ThreadID(conversationID.uuid)),
            mediaID: mediaID.map(PrefixedID.init))
    }

    var view: MessageView {
        MessageView(
            messageID: PrefixedID(id), senderID: PrefixedID(senderID), type: type, message: text, metadata: metadata,
            sentAt: sentAt, deliveredAt: sentAt, readAt: readAt, deletedAt: deletedAt)
    }

    func news(to recipient: AccountID) -> MessageNews {
        MessageNews(
            messageID: PrefixedID(id), conversationID: PrefixedID(conversationID), senderID: PrefixedID(senderID),
            recipientID: PrefixedID(recipient), type: type, message: text, metadata: metadata, sentAt: sentAt)
    }
}

extension Message {
    init(row: Row) throws {
        id = try row.decode("message_id")
        conversationID = try row.decode("conversation_id")
        position = try row.decode("position")
        ordinal = try row.decode("ordinal")
        senderID = try row.decode("sender_id")
        type = try row.decode("type")
        body = try row.decode("body")
        matchID = try row.decode("message_match_id")
        mediaID = try row.decode("media_id")
        mediaType = try row.decode("media_type")
        sentAt = try row.decode("sent_at")
        deletedAt = try row.decode("deleted_at")
    }
}

extension MessageType: PostgresValue {}
extension MediaKind: PostgresValue {}
