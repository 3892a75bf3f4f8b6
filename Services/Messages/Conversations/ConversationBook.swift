import Postgres
import ServiceKit
import SharedModels

/// Begins conversations and adds messages, each with its events and its signal, in the caller's transaction.
struct ConversationBook: Sendable {
    let outbox: Outbox
    let conversations = ConversationStore()
    let messages = MessageStore()
    let departures = DepartureStore()

    /// Keeps both accounts from leaving before the transaction ends. Call this first.
    ///
    /// - Throws: 404 when one of them has left.
    func requireStaying(_ pair: Pair, in tx: Transaction) async throws {
        guard try await departures.hold(pair, in: tx) else { throw MessageError.unknownRecipient }
    }

    /// The conversation of the pair, locked. It is made if need be.
    func begin(
        _ pair: Pair, by starter: AccountID, match: MatchID?, at now: Timestamp, in tx: Transaction
    ) async throws -> Conversation {
        if var present = try await conversations.lock(pair, in: tx) {
            if present.matchID == nil, match != nil {
                present.matchID = match
                try await conversations.save(present, in: tx)
            }
            return present
        }
        let new = Conversation(.make(at: now), of: pair, startedBy: starter, matchID: match, at: now)
        guard try await conversations.insertIfAbsent(new, in: tx) else {
            // Somebody was quicker, and has committed.
            return try await begin(pair, by: starter, match: match, at: now, in: tx)
        }
        try await outbox.append(
            Announcement(
                ConversationStarted.self, of: new.id, sequence: new.sequence, to: pair.both, new.news, at: now), in: tx)
        return new
    }

    /// Adds a message to a locked conversation.
    func append(
        _ draft: MessageDraft, by sender: AccountID, to conversation: inout Conversation, at now: Timestamp,
        in tx: Transaction
    ) async throws -> Message {
        let (message, count) = conversation.append(draft, by: sender, at: now)
        try await messages.insert(message, in: tx)
        try await conversations.save(conversation, adding: message, in: tx)
        let recipient = count.recipientID
        let (id, sequence) = (conversation.id, conversation.sequence)
        try await outbox.append(
            [
                Announcement(
                    MessageReceived.self, of: id, sequence: sequence, to: [recipient], message.news(to: recipient),
                    at: message.sentAt),
                Announcement(MessageCounted.self, of: id, sequence: sequence, count, at: message.sentAt),
            ], in: tx)
        try await StreamChannel.messages.ring(for: [conversation.id], in: tx)
        try await ChatSignal.sent(conversation.id, position: message.position, by: sender, to: recipient).tell(in: tx)
        return message
    }
}
