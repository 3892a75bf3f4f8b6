import Postgres
import ServiceKit
import SharedModels

/// Sends messages.
struct MessageWorkflow: Sendable {
    let database: Database
    let book: ConversationBook
    let peers: any MessagesPeers
    let conversations = ConversationStore()

    /// Sends a message into the conversation of the two, and begins that when they share a match or a deal.
    ///
    /// - Parameter thread: The conversation, if the sender names it.
    func send(
        _ draft: MessageDraft, to recipient: AccountID, thread: ConversationID? = nil, by sender: AccountID,
        at now: Timestamp
    ) async throws -> Message {
        guard let pair = Pair(sender, recipient) else { throw MessageError.toOneself }
        guard draft.mediaID == nil || draft.type != .text else { throw MessageError.mediaInText }
        let present = try await conversations.find(pair, in: database)
        guard thread == nil || thread == present?.id else { throw MessageError.unknownThread }
        let match = try await match(of: sender, and: recipient, named: draft.matchID, in: present)
        if let media = draft.mediaID, try await !peers.isMedia(media, of: sender) { throw MessageError.unknownMedia }
        return try await database.transaction { tx in
            try await book.requireStaying(pair, in: tx)
            var conversation = try await book.begin(pair, by: sender, match: match, at: now, in: tx)
            return try await book.append(draft, by: sender, to: &conversation, at: now, in: tx)
        }
    }

    /// The match that the two share.
    ///
    /// - Throws: 403 when the sender may not write to the recipient.
    private func match(
        of sender: AccountID, and recipient: AccountID, named match: MatchID?, in present: Conversation?
    ) async throws -> MatchID? {
        if let present, match == nil || match == present.matchID { return present.matchID }
        let pair = AccountPair(sender, recipient)
        let live = try await peers.match(of: pair)
        if let match, match != live {
            throw try await isKnown(recipient) ? MessageError.unknownMatch : .unknownRecipient
        }
        if present != nil || live != nil { return live }
        if try await peers.deals(of: pair).isLive { return nil }
        throw try await isKnown(recipient) ? MessageError.noReasonToWrite : .unknownRecipient
    }

    private func isKnown(_ account: AccountID) async throws -> Bool {
        try await !peers.people([account]).isEmpty
    }
}
