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
