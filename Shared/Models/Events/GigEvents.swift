/// A client posted a gig, maybe as a draft.
public enum GigCreated: UserEvent {
    public typealias Content = GigView
    public typealias Reading = GigReading
    public static let name = EventName.gigCreated
    public static let destinations = [ServiceName.notifications, .talent]
    public static let audience = Audience.owner
    public static let summary = "A gig was posted"
    public static var schema: Schema { .gig }
}

/// A gig was edited or changed its status.
public enum GigUpdated: UserEvent {
    public typealias Content = GigView
    public typealias Reading = GigReading
    public static let name = EventName.gigUpdated
    public static let destinations = [ServiceName.notifications, .talent]
    public static let audience = Audience.owner
    public static let summary = "A gig was changed, published or closed"
    public static var schema: Schema { .gig }
}

/// A gig was deleted. The event carries its last state.
public enum GigDeleted: UserEvent {
    public typealias Content = GigView
    public typealias Reading = GigReading
    public static let name = EventName.gigDeleted
    public static let destinations = [ServiceName.notifications, .talent]
    public static let audience = Audience.owner
    public static let summary = "A gig was deleted"
    public static var schema: Schema { .gig }
}

/// What services read of the news of a gig.
public struct GigReading: Decodable, Sendable {
    public let ownerUserID: AccountID
    public let title: String
    public let description: String?
    public let scope: String?
    public let status: GigStatus
    /// `nil` in news from before there was another flow than `milestone_capture`.
    public let flow: DealFlow?
}

extension Schema {
    /// In events a gig tells how it is paid, as a job of Skillhouse is one of another flow, and in which currency
    /// `rate_cents` is: in its minor units.
    fileprivate static var gig: Schema { .reflected(GigView.self).telling(DealFlow.self) }
}
