import Postgres
import ServiceKit
import SharedModels

/// Opens conversations at the request of other services.
struct OpeningWorkflow: Sendable {
    let database: Database
    let book: ConversationBook
    let openings = OpeningStore()

    /// The conversation of two accounts, with the first message when the opening has one. A repeat finds the same and
    /// sends nothing.
    func open(_ opening: ConversationOpening, at now: Timestamp) async throws -> ConversationID {
        if let known = try await openings.find(opening.openingID, in: database) { return known }
        guard let pair = Pair(opening.userID, opening.otherUserID) else { throw MessageError.toOneself }
        return try await database.transaction { tx in
            try await book.requireStaying(pair, in: tx)
            var conversation = try await book.begin(
                pair, by: opening.userID, match: opening.matchID, at: now, in: tx)
            let isNew = try await openings.insertIfAbsent(opening.openingID, of: conversation.id, in: tx)
            if isNew, let message = opening.message {
                let draft = MessageDraft(body: message, matchID: opening.matchID)
                _ = try await book.append(draft, by: opening.userID, to: &conversation, at: now, in: tx)
            }
            return conversation.id
        }
    }
}
