/// Somebody wrote to the recipient. Only subscribers that name this event receive it.
public enum MessageReceived: UserEvent {
    public typealias Content = MessageNews
    public static let name = EventName.messageReceived
    public static let audience = Audience.owner
    public static let isStandard = false
    public static let summary = "Somebody wrote to you"
}

/// Two accounts can write to each other from now on. Only subscribers that name this event receive it.
public enum ConversationStarted: UserEvent {
    public typealias Content = ConversationNews
    public static let name = EventName.conversationStarted
    public static let audience = Audience.bothSides
    public static let isStandard = false
    public static let summary = "A conversation was started"
}

/// Messages announces that somebody wrote, for talent's figures. Nothing of what was written is in it.
public enum MessageCounted: InternalEvent {
    public typealias Content = MessageCount
    public static let name = InternalEventName.messageCounted
    public static let destinations = [ServiceName.talent]
}

/// What ``MessageCounted`` carries.
public struct MessageCount: Model, Equatable {
    public let senderID: AccountID
    public let recipientID: AccountID
    public let sentAt: Timestamp
    /// Whether the recipient had the last word before: it has something to answer now.
    public let beginsTurn: Bool
    /// How long what it answers had waited; `nil` for what answers nothing.
    public let answersAfterSeconds: Int64?

    public init(
        senderID: AccountID, recipientID: AccountID, sentAt: Timestamp, beginsTurn: Bool, answersAfterSeconds: Int64?
    ) {
        self.senderID = senderID
        self.recipientID = recipientID
        self.sentAt = sentAt
        self.beginsTurn = beginsTurn
        self.answersAfterSeconds = answersAfterSeconds
    }
}

/// What `message.received` carries.
public struct MessageNews: Model {
    public let messageID: PrefixedID<MessageKind>
    public let conversationID: PrefixedID<ConversationKind>
    public let senderID: PrefixedID<AccountKind>
    public let recipientID: PrefixedID<AccountKind>
    public let type: MessageType
    public let message: String
    public let metadata: MessageMetadata
    public let sentAt: Timestamp

    public init(
        messageID: PrefixedID<MessageKind>, conversationID: PrefixedID<ConversationKind>,
        senderID: PrefixedID<AccountKind>, recipientID: PrefixedID<AccountKind>, type: MessageType, message: String,
        metadata: MessageMetadata, sentAt: Timestamp
    ) {
        self.messageID = messageID
        self.conversationID = conversationID
        self.senderID = senderID
        self.recipientID = recipientID
        self.type = type
        self.message = message
        self.metadata = metadata
        self.sentAt = sentAt
    }
}

/// What `conversation.started` carries.
public struct ConversationNews: Model {
    public let conversationID: PrefixedID<ConversationKind>
    public let participants: [PrefixedID<AccountKind>]
    public let startedBy: PrefixedID<AccountKind>
    /// The match that it began with.
    public let matchID: PrefixedID<MatchKind>?
    public let createdAt: Timestamp

    public init(
        conversationID: PrefixedID<ConversationKind>, participants: [PrefixedID<AccountKind>],
        startedBy: PrefixedID<AccountKind>, matchID: PrefixedID<MatchKind>?, createdAt: Timestamp
    ) {
        self.conversationID = conversationID
        self.participants = participants
        self.startedBy = startedBy
        self.matchID = matchID
        self.createdAt = createdAt
    }
}
