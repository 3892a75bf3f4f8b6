import ServiceKit
import SharedModels

/// A message as Skillhouse's chat shows it.
struct ChatMessage: Model {
    let _id: ObjectID<MessageKind>
    let conversationID: ObjectID<ConversationKind>
    let senderID: ObjectID<AccountKind>
    let receiverID: ObjectID<AccountKind>
    let message: String
    let isRead: Bool
    let readAt: Timestamp?
    let mediaType: MediaKind?
    /// Lets in everybody who follows it, until it expires; empty without media.
    let mediaURL: String
    let createdAt: Timestamp
    let updatedAt: Timestamp
}

/// A conversation in somebody's list.
struct ChatConversation: Model {
    let _id: ObjectID<ConversationKind>
    let clientID: ObjectID<AccountKind>
    let freelancerID: ObjectID<AccountKind>
    let otherUserID: ObjectID<AccountKind>
    /// Empty before the first message.
    let lastMessage: String
    let lastMessageAt: Timestamp
    let unreadCount: Int
    let createdAt: Timestamp
    let updatedAt: Timestamp
}

struct ChatInitialized: Model {
    let conversationID: ObjectID<ConversationKind>
    let messages: [ChatMessage]
}

struct UnreadCount: Model {
    let conversationID: ObjectID<ConversationKind>
    let otherUserID: ObjectID<AccountKind>
    let count: Int
}

struct MessageWasRead: Model {
    let messageID: ObjectID<MessageKind>
    let readAt: Timestamp
}

struct MessageWasDeleted: Model {
    let messageID: ObjectID<MessageKind>
    let message: String
}

struct UserStatus: Model {
    let userID: ObjectID<AccountKind>
    let status: Status

    enum Status: String, Codable, CaseIterable, Sendable, SchemaDescribed {
        case online, offline
    }

    init(_ account: AccountID, isOnline: Bool) {
        (userID, status) = (ObjectID(account), isOnline ? .online : .offline)
    }
}

struct ChatProblem: Model {
    let message: String
    let status: Int
    let code: String
    let issues: [Issue]

    struct Issue: Model {
        let path: String
        let message: String
    }
}

extension Message {
    func chatView(to receiver: AccountID, _ links: PictureLinks, at now: Timestamp) -> ChatMessage {
        let isShown = deletedAt == nil
        return ChatMessage(
            _id: ObjectID(id), conversationID: ObjectID(conversationID), senderID: ObjectID(senderID),
            receiverID: ObjectID(receiver), message: text, isRead: readAt != nil, readAt: readAt,
            mediaType: isShown ? shownMedia : nil,
            mediaURL: isShown && shownMedia != nil ? mediaID.map { links.url(of: $0, at: now) } ?? "" : "",
            createdAt: sentAt, updatedAt: deletedAt ?? readAt ?? sentAt)
    }

    /// SkillSync says what an image is, and nothing about videos.
    private var shownMedia: MediaKind? { mediaType ?? (type == .image && mediaID != nil ? .image : nil) }
}

extension ConversationStore.Listed {
    func chatView(for reader: AccountID, _ type: UserType) -> ChatConversation {
        let other = conversation.pair.other(than: reader)
        let client = conversation.clientID ?? (type == .client ? reader : other)
        return ChatConversation(
            _id: ObjectID(conversation.id), clientID: ObjectID(client),
            freelancerID: ObjectID(conversation.pair.other(than: client)), otherUserID: ObjectID(other),
            lastMessage: lastMessage?.text ?? "", lastMessageAt: conversation.updatedAt, unreadCount: Int(unread),
            createdAt: conversation.createdAt, updatedAt: conversation.updatedAt)
    }
}
