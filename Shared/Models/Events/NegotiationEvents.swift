/// A client opened a negotiation with an applicant.
public enum NegotiationCreated: UserEvent {
    public typealias Content = NegotiationView
    public typealias Reading = NegotiationReading
    public static let name = EventName.negotiationCreated
    public static let destinations = [ServiceName.notifications, .jobs]
    public static let audience = Audience.bothSides
    public static let summary = "A negotiation was opened"
}

/// A negotiation has a new round or a new state.
public enum NegotiationUpdated: UserEvent {
    public typealias Content = NegotiationView
    public typealias Reading = NegotiationReading
    public static let name = EventName.negotiationUpdated
    public static let destinations = [ServiceName.notifications, .jobs]
    public static let audience = Audience.bothSides
    public static let summary = "A negotiation has a new round or another state"
}

/// What other services read of a negotiation.
public struct NegotiationReading: Decodable, Sendable {
    public let gigID: GigID
    public let workerUserID: AccountID
    public let state: NegotiationState
    public let roundNumber: Int
    public let rateCents: Int64?
    public let hoursPerWeek: Int?
    public let startDate: CalendarDay?
    public let payoutDelayDays: Int?
}
