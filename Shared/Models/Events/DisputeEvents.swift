/// A party disputes a milestone.
public enum DisputeCreated: UserEvent {
    public typealias Content = DisputeView
    public static let name = EventName.disputeCreated
    public static let audience = Audience.bothSides
    public static let reachesAdmins = true
    public static let summary = "A dispute was opened"

    public static func text(_ dispute: EventWords) -> EventText {
        EventText("A dispute was opened about \(dispute.gigTitle)", dispute.quoted("reason"))
    }
}

/// Contracts announces that a dispute was decided against the account. Talent lowers its score.
public enum DisputeLost: InternalEvent {
    public typealias Content = AccountReference
    public static let name = InternalEventName.disputeLost
    public static let destinations = [ServiceName.talent]
}
