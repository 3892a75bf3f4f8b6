public struct ImportedConversations: Model {
    public let conversations: [ImportedConversation]

    public init(conversations: [ImportedConversation]) {
        self.conversations = conversations
    }

    public static let rules: [String: MemberRule] = ["conversations": .count(ImportLimit.things)]
}

public struct ImportedConversation: Model {
    public let id: ConversationID
    public let clientID: AccountID
    public let freelancerID: AccountID
    public let createdAt: Timestamp

    public init(id: ConversationID, clientID: AccountID, freelancerID: AccountID, createdAt: Timestamp) {
        self.id = id
        self.clientID = clientID
        self.freelancerID = freelancerID
        self.createdAt = createdAt
    }
}

/// Messages of any conversations, the oldest of each first.
public struct ImportedMessages: Model {
    public let messages: [ImportedMessage]

    public init(messages: [ImportedMessage]) {
        self.messages = messages
    }

    public static let rules: [String: MemberRule] = ["messages": .count(ImportLimit.things)]
}

public struct ImportedMessage: Model {
    public let id: MessageID
    public let conversationID: ConversationID
    public let senderID: AccountID
    public let text: String
    public let sentAt: Timestamp
    /// `nil` while it is unread.
    public let readAt: Timestamp?

    public init(
        id: MessageID, conversationID: ConversationID, senderID: AccountID, text: String, sentAt: Timestamp,
        readAt: Timestamp?
    ) {
        self.id = id
        self.conversationID = conversationID
        self.senderID = senderID
        self.text = text
        self.sentAt = sentAt
        self.readAt = readAt
    }

    public static let rules: [String: MemberRule] = ["text": .text(1...5000)]
}
