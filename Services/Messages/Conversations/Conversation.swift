import Postgres
import SharedModels

/// Two accounts that write to each other.
struct Conversation: Sendable, Equatable {
    let id: ConversationID
    let pair: Pair
    let startedBy: AccountID
    /// The match that it began with.
    var matchID: MatchID?
    /// Who of the two is the client on Skillhouse, if that is known.
    private(set) var clientID: AccountID?
    /// How many messages there are.
    private(set) var lastPosition: Int64 = 0
    /// How many of them the first of the pair wrote.
    private(set) var firstSent: Int64 = 0
    /// Who wrote last; `nil` when that is not known.
    private(set) var turn: Turn?
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
    ///
    /// - Parameter id: The id that the message has already; else it gets a new one.
    mutating func append(
        _ draft: MessageDraft, as id: MessageID? = nil, by sender: AccountID, at now: Timestamp
    ) -> (message: Message, count: MessageCount) {
        lastPosition += 1
        if sender == pair.first { firstSent += 1 }
        updatedAt = max(updatedAt, now)
        let answered = turn.flatMap { $0.by == sender ? nil : $0 }
        let beginsTurn = turn?.by != sender
        if beginsTurn { turn = Turn(by: sender, since: updatedAt) }
        let message = Message(
            id: id ?? .make(at: updatedAt), conversationID: self.id, position: lastPosition,
            ordinal: sender == pair.first ? firstSent : lastPosition - firstSent, senderID: sender, type: draft.type,
            body: draft.body, matchID: draft.matchID, mediaID: draft.mediaID, mediaType: draft.mediaType,
            sentAt: updatedAt)
        let count = MessageCount(
            senderID: sender, recipientID: pair.other(than: sender), sentAt: updatedAt, beginsTurn: beginsTurn,
            answersAfterSeconds: answered.map { updatedAt.seconds - $0.since.seconds })
        return (message, count)
    }
}

/// What one of the two writes until the other does.
struct Turn: Sendable, Equatable {
    let by: AccountID
    /// When its first message was sent.
    let since: Timestamp
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
        clientID = try row.decode("client_id")
        lastPosition = try row.decode("last_position")
        firstSent = try row.decode("first_sent")
        turn = try Turn(row: row)
        createdAt = try row.decode("created_at")
        updatedAt = try row.decode("conversation_updated_at")
    }
}

extension Turn {
    fileprivate init?(row: Row) throws {
        guard let by: AccountID = try row.decode("turn_by") else { return nil }
        self.init(by: by, since: try row.decode("turn_since"))
    }
}
