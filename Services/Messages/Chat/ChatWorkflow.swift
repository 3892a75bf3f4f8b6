import Postgres
import ServiceKit
import SharedModels

/// Skillhouse's chat, on the conversations of everybody.
struct ChatWorkflow: Sendable {
    /// The messages that an opened chat shows, and the conversations of a list.
    static let shown = 50
    static let listed = 100

    let database: Database
    let book: ConversationBook
    let sending: MessageWorkflow
    let peers: any MessagesPeers
    let links: PictureLinks
    let conversations = ConversationStore()
    let messages = MessageStore()
    let chat = ChatStore()

    /// The conversation of a client and a freelancer, which is made if need be, with its first messages.
    ///
    /// - Throws: 403 unless the two have a contract.
    func open(_ opening: ChatOpening, by caller: AccountID, at now: Timestamp) async throws -> ChatInitialized {
        let (client, freelancer) = (opening.clientID.id, opening.freelancerID.id)
        guard caller == client || caller == freelancer else { throw ChatError.notAParty }
        guard let pair = Pair(client, freelancer) else { throw ChatError.noContract }
        let deals = try await peers.deals(of: AccountPair(client, freelancer))
        guard deals.hasContract else { throw ChatError.noContract }
        let conversation = try await database.transaction { tx in
            try await book.requireStaying(pair, in: tx)
            let conversation = try await book.begin(pair, by: caller, match: nil, at: now, in: tx)
            try await chat.name(client, in: conversation.id, in: tx)
            return conversation
        }
        var start: Int64 = 0
        if let after = opening.after?.id {
            guard let position = try await messages.position(of: after, in: conversation.id, in: database) else {
                throw ChatError.unknownMessage
            }
            start = position
        }
        let shown = try await messages.messages(
            of: conversation, after: start, limit: Self.shown, in: database)
        return ChatInitialized(
            conversationID: ObjectID(conversation.id),
            messages: shown.map { $0.chatView(to: pair.other(than: $0.senderID), links, at: now) })
    }

    func send(_ draft: ChatDraft, by caller: AccountID, at now: Timestamp) async throws -> ChatMessage {
        try requireOwn(draft.senderID, "senderId", caller)
        let id = draft.conversationID.id
        guard let standing = try await conversations.standing(of: caller, in: id, in: database) else {
            throw ChatError.unknownConversation
        }
        let receiver = standing.conversation.pair.other(than: caller)
        guard draft.receiverID == nil || draft.receiverID?.id == receiver else { throw ChatError.wrongReceiver }
        do {
            let message = try await sending.send(
                try message(draft), to: receiver, thread: id, by: caller, at: now)
            return message.chatView(to: receiver, links, at: now)
        } catch MessageError.unknownMedia {
            throw ChatError.foreignMedia
        }
    }

    private func message(_ draft: ChatDraft) throws(ChatError) -> MessageDraft {
        var message = MessageDraft(body: draft.message ?? "")
        let url = draft.mediaURL ?? ""
        guard (draft.mediaType == nil) == url.isEmpty else { throw .mediaIncomplete }
        if let type = draft.mediaType {
            guard let file = links.file(in: url) else { throw .foreignMedia }
            (message.mediaID, message.mediaType) = (file, type)
            message.type = type == .image ? .image : .file
        }
        guard message.mediaID != nil || message.body.contains(where: { !$0.isWhitespace }) else { throw .nothingSaid }
        return message
    }

    /// Marks a message as read, and with it everything before, as on SkillSync.
    func markRead(_ name: ChatMessageName, by caller: AccountID, at now: Timestamp) async throws -> MessageWasRead {
        try requireOwn(name.userID, "userId", caller)
        let told = try await find(name.messageID.id, by: caller)
        let message = told.message
        guard message.senderID != caller else { throw ChatError.notReceiver }
        try await messages.markRead(
            upTo: message.position, of: message.conversationID, by: caller, at: now, in: database)
        let readAt = try await chat.readAt(message.position, of: message.conversationID, by: caller, in: database)
        return MessageWasRead(messageID: ObjectID(message.id), readAt: readAt ?? now)
    }

    /// Takes a message back, for both. A repeat changes nothing.
    func delete(_ name: ChatMessageName, by caller: AccountID, at now: Timestamp) async throws -> MessageWasDeleted {
        try requireOwn(name.userID, "userId", caller)
        let told = try await find(name.messageID.id, by: caller)
        let message = told.message
        guard message.senderID == caller else { throw ChatError.notSender }
        try await database.transaction { tx in
            guard try await chat.delete(message.id, at: now, in: tx) else { return }
            try await ChatSignal.deleted(
                message.conversationID, position: message.position, by: caller,
                to: told.pair.other(than: caller)
            ).tell(in: tx)
        }
        return MessageWasDeleted(messageID: ObjectID(message.id), message: Message.tombstone)
    }

    /// The latest conversations.
    func list(of caller: AccountID, _ type: UserType) async throws -> [ChatConversation] {
        try await latest(of: caller).map { $0.chatView(for: caller, type) }
    }

    /// How many messages are unread in the latest conversations.
    func unread(of caller: AccountID) async throws -> [UnreadCount] {
        try await latest(of: caller).map { listed in
            UnreadCount(
                conversationID: ObjectID(listed.conversation.id),
                otherUserID: ObjectID(listed.conversation.pair.other(than: caller)), count: Int(listed.unread))
        }
    }

    private func latest(of caller: AccountID) async throws -> [ConversationStore.Listed] {
        try await conversations.page(
            of: caller, ConversationStore.Filter(), number: 1, limit: Self.listed, in: database)
    }

    private func find(_ id: MessageID, by caller: AccountID) async throws -> ChatStore.Told {
        guard let told = try await chat.find(id, in: database), told.pair.both.contains(caller) else {
            throw ChatError.unknownMessage
        }
        return told
    }

    private func requireOwn(
        _ named: ObjectID<AccountKind>?, _ member: String, _ caller: AccountID
    ) throws(ChatError) {
        guard named == nil || named?.id == caller else { throw .notYourself(member) }
    }
}
