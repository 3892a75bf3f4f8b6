import SharedModels

/// What clients send. Names of people are those of the token's account, or refused: see ``ChatError/notYourself``.
struct ChatOpening: Model {
    let clientID: ObjectID<AccountKind>
    let freelancerID: ObjectID<AccountKind>
    /// Shows the messages after this one, instead of the first.
    var after: ObjectID<MessageKind>?
}

struct ChatDraft: Model {
    let conversationID: ObjectID<ConversationKind>
    var senderID: ObjectID<AccountKind>?
    var receiverID: ObjectID<AccountKind>?
    /// May be empty beside media.
    var message: String?
    var mediaType: MediaKind?
    /// What `/api/media/upload` answered.
    var mediaURL: String?

    static let rules: [String: MemberRule] = [
        "message": .optionalText(0...MessageInput.longest), "mediaURL": .optionalText(0...2048),
    ]
}

struct ChatMessageName: Model {
    let messageID: ObjectID<MessageKind>
    var userID: ObjectID<AccountKind>?
}

struct ChatNotice: Model {
    let userID: ObjectID<AccountKind>
    let message: String
    let role: UserType
    let type: NoticeType

    static let rules: [String: MemberRule] = ["message": .text(1...500)]
}
