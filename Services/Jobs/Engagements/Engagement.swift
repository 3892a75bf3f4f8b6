import SharedModels

/// A negotiation about an application, as far as this service needs to know it.
struct Engagement: Sendable {
    let negotiationID: NegotiationID
    let summary: NegotiationSummary
}

extension Engagement {
    /// How long a reservation lasts without `negotiation.created`.
    static let reservation = Duration.seconds(60)
}

/// The part of an event about a negotiation that this service uses.
struct NegotiationNews: Sendable {
    let negotiationID: NegotiationID
    let gigID: GigID
    let workerID: AccountID
    let summary: NegotiationSummary
    /// Grows with every change of the negotiation.
    let sequence: Int64

    init(_ negotiation: NegotiationReading, of aggregate: EventAggregate, _ sequence: Int64) {
        negotiationID = NegotiationID(aggregate.uuid)
        gigID = negotiation.gigID
        workerID = negotiation.workerUserID
        summary = NegotiationSummary(
            state: negotiation.state, roundNumber: negotiation.roundNumber, rateCents: negotiation.rateCents,
            hoursPerWeek: negotiation.hoursPerWeek, startDate: negotiation.startDate,
            payoutDelayDays: negotiation.payoutDelayDays)
        self.sequence = sequence
    }
}

extension NegotiationState {
    /// Whether a negotiation in this state still binds both sides. After an approval its contract does.
    var isLive: Bool {
        switch self {
        case .pending, .inProgress, .pendingOwnerApproval, .approved: true
        case .expired: false
        }
    }
}
