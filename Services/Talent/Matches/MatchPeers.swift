import ServiceKit
import SharedModels

/// What matching asks of messages. Every call may be repeated. Never call inside a transaction.
protocol MatchPeers: Sendable {
    /// Opens the conversation of two accounts, or finds the one that they have. A repeat with the same id sends the message
    /// once.
    ///
    /// - Throws: `PeerRefusal` with `notFound` when one of the two has left, `OutboundError` when messages is away.
    func open(
        _ id: ActionID, by user: AccountID, with other: AccountID, over match: MatchID, message: String?
    ) async throws -> ConversationID
}
