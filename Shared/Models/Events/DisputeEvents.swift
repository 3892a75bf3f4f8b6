/// A party disputes a milestone.
public enum DisputeCreated: UserEvent {
    public typealias Content = DisputeView
    public static let name = EventName.disputeCreated
    public static let audience = Audience.bothSides
    public static let reachesAdmins = true
    public static let summary = "A dispute was opened"
    /// In events a dispute names both parties, so that its readers know which side they are on.
    public static var schema: Schema {
        .reflected(DisputeView.self).telling("clientUserID", AccountID.schema).telling("workerUserID", AccountID.schema)
    }
}

/// Contracts announces that a dispute was decided against the account. Talent lowers its score.
public enum DisputeLost: InternalEvent {
    public typealias Content = AccountReference
    public static let name = InternalEventName.disputeLost
    public static let destinations = [ServiceName.talent]
}
