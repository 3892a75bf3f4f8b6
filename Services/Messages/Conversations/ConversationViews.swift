import SharedModels

extension Conversation {
    var news: ConversationNews {
        ConversationNews(
            conversationID: PrefixedID(id), participants: pair.both.map(PrefixedID.init),
            startedBy: PrefixedID(startedBy), matchID: matchID.map(PrefixedID.init), createdAt: createdAt)
    }
}

extension ConversationStore.Listed {
    /// - Parameter people: Those whose names are known.
    func view(_ people: [AccountID: Person]) -> ConversationItem {
        ConversationItem(
            id: PrefixedID(conversation.id),
            participants: conversation.pair.both.map { account in
                ParticipantView(
                    userID: PrefixedID(account), name: people[account]?.name, company: people[account]?.company)
            },
            matchID: conversation.matchID.map(PrefixedID.init),
            lastMessage: lastMessage.map { message in
                LastMessage(
                    messageID: PrefixedID(message.id), text: message.text, type: message.type, sentAt: message.sentAt)
            },
            unreadCount: Int(unread), createdAt: conversation.createdAt, updatedAt: conversation.updatedAt)
    }
}
