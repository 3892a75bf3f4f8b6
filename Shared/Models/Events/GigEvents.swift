/// A client posted a gig, maybe as a draft.
public enum GigCreated: UserEvent {
    public typealias Content = GigView
    public static let name = EventName.gigCreated
    public static let audience = Audience.owner
    public static let summary = "A gig was posted"

    public static func text(_ gig: EventWords) -> EventText {
        EventText("Your gig \(gig.title) was created", gig.status.map { "Its status is \($0)." })
    }
}

/// A gig was edited or changed its status.
public enum GigUpdated: UserEvent {
    public typealias Content = GigView
    public static let name = EventName.gigUpdated
    public static let audience = Audience.owner
    public static let summary = "A gig was changed, published or closed"

    public static func text(_ gig: EventWords) -> EventText {
        EventText("Your gig \(gig.title) was updated", gig.status.map { "Its status is now \($0)." })
    }
}

/// A gig was deleted. The event carries its last state.
public enum GigDeleted: UserEvent {
    public typealias Content = GigView
    public static let name = EventName.gigDeleted
    public static let audience = Audience.owner
    public static let summary = "A gig was deleted"

    public static func text(_ gig: EventWords) -> EventText { EventText("Your gig \(gig.title) was deleted") }
}
