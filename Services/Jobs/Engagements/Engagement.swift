import SharedModels

/// A negotiation about an application, as far as this service must know it.
struct Engagement: Sendable {
    let negotiationID: NegotiationID
    let summary: NegotiationSummary
}

extension Engagement {
    /// How long a reservation stands before `negotiation.created` has come.
    static let reservation = Duration.seconds(60)
}

/// What an event tells of a negotiation.
struct NegotiationNews: Sendable {
    let negotiationID: NegotiationID
    let gigID: GigID
    let workerID: AccountID
    let summary: NegotiationSummary
    /// Grows with every change of the negotiation.
    let sequence: Int64

    /// - Returns: `nil` when the event's data are not those of a ``NegotiationView``.
    init?(_ event: EventEnvelope) {
        let data = event.data
        guard
            let gigID = data["gig_id"]?.string.flatMap({ GigID($0) }),
            let workerID = data["worker_user_id"]?.string.flatMap({ AccountID($0) }),
            let state = data["state"]?.string.flatMap(NegotiationState.init),
            let round = data["round_number"]?.integer
        else { return nil }
        negotiationID = NegotiationID(event.aggregate.uuid)
        self.gigID = gigID
        self.workerID = workerID
        summary = NegotiationSummary(
            state: state, roundNumber: Int(round), rateCents: data["rate_cents"]?.integer,
            hoursPerWeek: data["hours_per_week"]?.integer.map(Int.init),
            startDate: data["start_date"]?.string.flatMap { CalendarDay($0) },
            payoutDelayDays: data["payout_delay_days"]?.integer.map(Int.init))
        sequence = event.sequence
    }
}

extension NegotiationState {
    /// Whether a negotiation in this state still binds both sides. An approved one lives on in its contract.
    var isLive: Bool {
        switch self {
        case .pending, .inProgress, .pendingOwnerApproval, .approved: true
        case .expired: false
        }
    }
}
