/// Somebody was found who fits. Only subscribers that name this event receive it.
public enum MatchCreated: UserEvent {
    public typealias Content = MatchNews
    public static let name = EventName.matchCreated
    public static let audience = Audience.owner
    public static let isStandard = false
    public static let summary = "A new match"
}

/// One side of a match accepted it. Only subscribers that name this event receive it.
public enum MatchAccepted: UserEvent {
    public typealias Content = MatchDecision
    public static let name = EventName.matchAccepted
    public static let audience = Audience.bothSides
    public static let isStandard = false
    public static let summary = "A match was accepted"
}

/// One side of a match rejected it. Only subscribers that name this event receive it.
public enum MatchRejected: UserEvent {
    public typealias Content = MatchDecision
    public static let name = EventName.matchRejected
    public static let audience = Audience.bothSides
    public static let isStandard = false
    public static let summary = "A match was rejected"
}

/// What `match.created` carries.
public struct MatchNews: Model, Equatable {
    public let matchID: PrefixedID<MatchKind>
    public let userID: PrefixedID<AccountKind>
    public let matchedUserID: PrefixedID<AccountKind>
    /// The work that it is about; `nil` for what a profile alone looks for.
    public let work: MatchedWork?
    public let matchScore: Int
    public let skillsMatched: [String]
    public let compatibilityScores: CompatibilityScores
    public let timestamp: Timestamp
    public let expiresAt: Timestamp

    public init(
        matchID: MatchID, userID: AccountID, matchedUserID: AccountID, work: MatchedWork?, matchScore: Int,
        skillsMatched: [String], compatibilityScores: CompatibilityScores, timestamp: Timestamp, expiresAt: Timestamp
    ) {
        self.matchID = PrefixedID(matchID)
        self.userID = PrefixedID(userID)
        self.matchedUserID = PrefixedID(matchedUserID)
        self.work = work
        self.matchScore = matchScore
        self.skillsMatched = skillsMatched
        self.compatibilityScores = compatibilityScores
        self.timestamp = timestamp
        self.expiresAt = expiresAt
    }
}

/// What `match.accepted` and `match.rejected` carry.
public struct MatchDecision: Model, Equatable {
    public let matchID: PrefixedID<MatchKind>
    /// Whose match it is, and who decided.
    public let userID: PrefixedID<AccountKind>
    public let matchedUserID: PrefixedID<AccountKind>
    public let matchScore: Int
    public let skillsMatched: [String]
    public let status: MatchStatus
    public let actionID: PrefixedID<ActionKind>
    public let action: MatchAction
    /// What was written with the acceptance.
    public let message: String?
    /// What was written with the rejection.
    public let reason: String?
    public let conversationID: PrefixedID<ConversationKind>?
    public let timestamp: Timestamp
    public let expiresAt: Timestamp

    public init(
        matchID: MatchID, userID: AccountID, matchedUserID: AccountID, matchScore: Int, skillsMatched: [String],
        status: MatchStatus, actionID: ActionID, action: MatchAction, text: String?, conversationID: ConversationID?,
        timestamp: Timestamp, expiresAt: Timestamp
    ) {
        self.matchID = PrefixedID(matchID)
        self.userID = PrefixedID(userID)
        self.matchedUserID = PrefixedID(matchedUserID)
        self.matchScore = matchScore
        self.skillsMatched = skillsMatched
        self.status = status
        self.actionID = PrefixedID(actionID)
        self.action = action
        message = action == .accept ? text : nil
        reason = action == .reject ? text : nil
        self.conversationID = conversationID.map { PrefixedID($0) }
        self.timestamp = timestamp
        self.expiresAt = expiresAt
    }
}
