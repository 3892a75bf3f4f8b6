/// A conversation in its participant's list (SkillSync contract, section 3.8).
public struct ConversationItem: Model {
    public let id: PrefixedID<ConversationKind>
    public let participants: [ParticipantView]
    /// The match that it began with.
    public let matchID: PrefixedID<MatchKind>?
    /// `nil` while nobody has written.
    public let lastMessage: LastMessage?
    public let unreadCount: Int
    public let createdAt: Timestamp
    public let updatedAt: Timestamp

    public init(
        id: PrefixedID<ConversationKind>, participants: [ParticipantView], matchID: PrefixedID<MatchKind>?,
        lastMessage: LastMessage?, unreadCount: Int, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.participants = participants
        self.matchID = matchID
        self.lastMessage = lastMessage
        self.unreadCount = unreadCount
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

public struct ParticipantView: Model, Equatable {
    public let userID: PrefixedID<AccountKind>
    /// `nil` for somebody who has left, and while names cannot be looked up.
    public let name: String?
    public let company: String?

    public init(userID: PrefixedID<AccountKind>, name: String?, company: String?) {
        self.userID = userID
        self.name = name
        self.company = company
    }
}

public struct LastMessage: Model, Equatable {
    public let messageID: PrefixedID<MessageKind>
    public let text: String
    public let type: MessageType
    public let sentAt: Timestamp

    public init(messageID: PrefixedID<MessageKind>, text: String, type: MessageType, sentAt: Timestamp) {
        self.messageID = messageID
        self.text = text
        self.type = type
        self.sentAt = sentAt
    }
}

public struct ConversationList: Model {
    public let conversations: [ConversationItem]
    public let pagination: Pagination

    public init(conversations: [ConversationItem], pagination: Pagination) {
        self.conversations = conversations
        self.pagination = pagination
    }
}

/// A part of a conversation.
public struct ConversationPage: Model {
    public let conversationID: PrefixedID<ConversationKind>
    /// Newest first.
    public let messages: [MessageView]
    public let pagination: MessagePagination

    public init(
        conversationID: PrefixedID<ConversationKind>, messages: [MessageView], pagination: MessagePagination
    ) {
        self.conversationID = conversationID
        self.messages = messages
        self.pagination = pagination
    }
}

public struct MessagePagination: Model, Equatable {
    /// All messages of the conversation.
    public let total: Int
    public let perPage: Int
    public let hasMore: Bool
    /// The `before` of the next page; `nil` at the beginning of the conversation.
    public let nextBefore: PrefixedID<MessageKind>?

    public init(total: Int, perPage: Int, nextBefore: PrefixedID<MessageKind>?) {
        self.total = total
        self.perPage = perPage
        hasMore = nextBefore != nil
        self.nextBefore = nextBefore
    }
}

/// A participant has read up to a message: the data of a stream's event `read`.
public struct ReadReceipt: Model, Equatable {
    public let readerID: PrefixedID<AccountKind>
    /// The newest message that was read.
    public let messageID: PrefixedID<MessageKind>
    public let readAt: Timestamp

    public init(readerID: PrefixedID<AccountKind>, messageID: PrefixedID<MessageKind>, readAt: Timestamp) {
        self.readerID = readerID
        self.messageID = messageID
        self.readAt = readAt
    }
}
