import Postgres
import SharedModels

/// Two accounts that write to each other.
struct Conversation: Sendable, Equatable {
    let id: ConversationID
    let pair: Pair
    let startedBy: AccountID
    /// The match that it began with.
    var matchID: MatchID?
    /// How many messages there are.
    private(set) var lastPosition: Int64 = 0
    /// How many of them the first of the pair wrote.
    private(set) var firstSent: Int64 = 0
    let createdAt: Timestamp
    /// The time of the newest message.
    private(set) var updatedAt: Timestamp

    init(_ id: ConversationID, of pair: Pair, startedBy: AccountID, matchID: MatchID?, at now: Timestamp) {
        self.id = id
        self.pair = pair
        self.startedBy = startedBy
        self.matchID = matchID
        createdAt = now
        updatedAt = now
    }

    /// Grows with every message. The first event of a conversation has 1.
    var sequence: Int64 { lastPosition + 1 }

    /// Adds a message at the end. Times never run backwards, whatever the clocks of two replicas say.
    mutating func append(_ draft: MessageDraft, by sender: AccountID, at now: Timestamp) -> Message {
        lastPosition += 1
        if sender == pair.first { firstSent += 1 }
        updatedAt = max(updatedAt, now)
        return Message(
            id: .make(at: updatedAt), conversationID: id, position: lastPosition,
            ordinal: sender == pair.first ? firstSent : lastPosition - firstSent, senderID: sender, type: draft.type,
            body: draft.body, matchID: draft.matchID, mediaID: draft.mediaID, sentAt: updatedAt)
    }
}

/// Two accounts in order of id.
struct Pair: Sendable, Hashable {
    let first: AccountID
    let second: AccountID

    /// - Returns: `nil` for one account twice.
    init?(_ one: AccountID, _ other: AccountID) {
        guard one != other else { return nil }
        (first, second) = (min(one, other), max(one, other))
    }

    var both: [AccountID] { [first, second] }

    func other(than account: AccountID) -> AccountID { account == first ? second : first }
}

/// A participant's place in a conversation.
struct Standing: Sendable, Equatable {
    let conversation: Conversation
    let unread: Int64
    /// Up to which position the other has read.
    let otherRead: Int64
}

extension Conversation {
    init(row: Row) throws {
        let (first, second): (AccountID, AccountID) = (try row.decode("first_id"), try row.decode("second_id"))
        guard let pair = Pair(first, second) else {
            throw PostgresError.decoding(column: "second_id", reason: "is the first account again")
        }
        id = try row.decode("id")
        self.pair = pair
        startedBy = try row.decode("started_by")
        matchID = try row.decode("match_id")
        lastPosition = try row.decode("last_position")
        firstSent = try row.decode("first_sent")
        createdAt = try row.decode("created_at")
        updatedAt = try row.decode("conversation_updated_at")
    }
}
