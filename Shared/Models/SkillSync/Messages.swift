/// A message to somebody (SkillSync contract, section 3.7).
public struct MessageInput: Model {
    public let recipientID: PrefixedID<AccountKind>
    public let message: String
    /// Absent: `text`.
    public var type: MessageType?
    public var metadata: MessageMetadataInput?

    public static let rules: [String: MemberRule] = ["message": .text(1...longest)]

    /// The longest text, in characters.
    public static let longest = 5000
}

public struct MessageMetadataInput: Model {
    /// The match that the message is about, one between sender and recipient.
    public var matchID: PrefixedID<MatchKind>?
    /// A conversation's id, as `thread_…` or as `conv_…`.
    public var threadID: String?
    /// An uploaded file; not with a `text`.
    public var mediaID: PrefixedID<FileKind>?

    public static let rules: [String: MemberRule] = ["threadID": .text(1...64)]
}

public enum MessageType: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case text, image, file, audio
}

/// A message that was sent.
public struct MessageReceipt: Model {
    public let messageID: PrefixedID<MessageKind>
    public let conversationID: PrefixedID<ConversationKind>
    public let status: MessageStatus
    public let deliveredAt: Timestamp
    public let readReceiptEnabled: Bool

    public init(
        messageID: PrefixedID<MessageKind>, conversationID: PrefixedID<ConversationKind>, status: MessageStatus,
        deliveredAt: Timestamp, readReceiptEnabled: Bool
    ) {
        self.messageID = messageID
        self.conversationID = conversationID
        self.status = status
        self.deliveredAt = deliveredAt
        self.readReceiptEnabled = readReceiptEnabled
    }
}

public enum MessageStatus: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case sent
}

/// A message as both participants see it.
public struct MessageView: Model {
    public let messageID: PrefixedID<MessageKind>
    public let senderID: PrefixedID<AccountKind>
    public let type: MessageType
    /// A deleted message has the text that says so.
    public let message: String
    public let metadata: MessageMetadata
    public let sentAt: Timestamp
    /// When the recipient could read it first.
    public let deliveredAt: Timestamp
    /// `nil` until the recipient has read it.
    public let readAt: Timestamp?
    public let deletedAt: Timestamp?

    public init(
        messageID: PrefixedID<MessageKind>, senderID: PrefixedID<AccountKind>, type: MessageType, message: String,
        metadata: MessageMetadata, sentAt: Timestamp, deliveredAt: Timestamp, readAt: Timestamp?, deletedAt: Timestamp?
    ) {
        self.messageID = messageID
        self.senderID = senderID
        self.type = type
        self.message = message
        self.metadata = metadata
        self.sentAt = sentAt
        self.deliveredAt = deliveredAt
        self.readAt = readAt
        self.deletedAt = deletedAt
    }
}

public struct MessageMetadata: Model, Equatable {
    public let matchID: PrefixedID<MatchKind>?
    public let threadID: PrefixedID<ThreadKind>
    public let mediaID: PrefixedID<FileKind>?

    public init(
        matchID: PrefixedID<MatchKind>?, threadID: PrefixedID<ThreadKind>, mediaID: PrefixedID<FileKind>?
    ) {
        self.matchID = matchID
        self.threadID = threadID
        self.mediaID = mediaID
    }
}

/// `/v1/messages`.
public struct MessageEndpoints: EndpointGroup {
    public static let surface = Surface.skillSync
    public static let service = ServiceName.messages

    public static let limit = Parameter<Int>.integer("limit", 1...100, default: 20, "Conversations per page, 1 to 100")
    public static let unreadOnly = Parameter<Bool>.flag("unread_only", "Only those with unread messages")
    public static let search = Parameter<String?>.text("search", 100, "A part of the other's name or company")
    public static let before = Parameter<MessageID?>.id("before", "A message's id: older ones are shown")
    public static let wait = Parameter<Int>.integer(
        "wait", 0...25, default: 0, "Seconds to wait for a message while none is unread")

    public let send = Endpoint<MessageInput, MessageReceipt>(
        "skillsync.messages.send", .post, "/v1/messages", of: Self.self, access: .account(.messagesWrite),
        success: 201, errors: [.forbidden, .notFound],
        "Write to somebody you share a match, a deal or a conversation with")
    public let conversations = Endpoint<NoInput, ConversationList>(
        "skillsync.conversations.list", .get, "/v1/messages/conversations", of: Self.self,
        access: .account(.messagesRead), query: [Self.limit, Parameter<Int>.page, Self.unreadOnly, Self.search],
        "Your conversations, the latest message first")
    public let conversation = Endpoint<NoInput, ConversationPage>(
        "skillsync.conversations.get", .get, "/v1/messages/conversations/{conversationId}", of: Self.self,
        access: .account(.messagesRead), query: [Parameter<Int>.limit, Self.before, Self.wait], errors: [.notFound],
        alsoStreams: true,
        "Messages, newest first; marks them as read. With Accept: text/event-stream, new ones as they come")
}
