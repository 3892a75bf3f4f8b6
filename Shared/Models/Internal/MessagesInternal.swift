/// Messages' answers.
public struct MessagesInternal: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.messages

    /// Opens the conversation of two accounts, or finds the one that they have, and sends the first message into it. A
    /// repeat with the same `opening_id` answers the same and sends nothing. 404 when one of the two has left.
    public let open = Endpoint<ConversationOpening, OpenedConversation>(
        "internal.conversations.open", .post, "/internal/conversations", of: Self.self,
        access: .service(from: [.talent]), errors: [.notFound], "Open a conversation of two accounts")
    public let work = Endpoint<NoInput, ServiceWork>.work(of: Self.self)
    public let receiveEvents = Endpoint<EventBatch, NoOutput>.events(of: Self.self, from: [.auth, .notifications])
}

public struct ConversationOpening: Model, Equatable {
    /// Why it is opened, such as the action that accepted a match: tells a repeat.
    public let openingID: ActionID
    /// Who opens it, and writes the message.
    public let userID: AccountID
    public let otherUserID: AccountID
    public let matchID: MatchID?
    public let message: String?

    public init(
        openingID: ActionID, userID: AccountID, otherUserID: AccountID, matchID: MatchID? = nil, message: String? = nil
    ) {
        self.openingID = openingID
        self.userID = userID
        self.otherUserID = otherUserID
        self.matchID = matchID
        self.message = message
    }

    public static let rules: [String: MemberRule] = ["message": .text(1...MessageInput.longest)]
}

public struct OpenedConversation: Model, Equatable {
    public let conversationID: ConversationID

    public init(conversationID: ConversationID) { self.conversationID = conversationID }
}
