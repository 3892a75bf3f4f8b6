/// Jobs' answers.
public struct JobsInternal: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.jobs

    /// Reserves a shortlisted applicant for a negotiation that is about to be opened. A repeat with the same
    /// negotiation is harmless. The reservation lapses after 60 s unless `negotiation.created` follows.
    public let engage = Endpoint<EngagementInput, EngagedGig>(
        "internal.gigs.engage", .post, "/internal/gigs/{id}/engagements", of: Self.self,
        access: .service(from: [.contracts]),
        errors: [.forbidden, .notFound, .conflict], "Reserve a shortlisted applicant for a negotiation")
    public let work = Endpoint<NoInput, ServiceWork>.work(of: Self.self)
    public let receiveEvents = Endpoint<EventBatch, NoOutput>.events(of: Self.self, from: [.auth, .contracts])
}

public struct EngagementInput: Model {
    public let negotiationID: NegotiationID
    public let clientUserID: AccountID
    public let workerUserID: AccountID

    public init(negotiationID: NegotiationID, clientUserID: AccountID, workerUserID: AccountID) {
        self.negotiationID = negotiationID
        self.clientUserID = clientUserID
        self.workerUserID = workerUserID
    }
}

/// What a negotiation takes over from its gig.
public struct EngagedGig: Model {
    public let gigID: GigID
    public let title: String
    public let rateCents: Int64?

    public init(gigID: GigID, title: String, rateCents: Int64?) {
        self.gigID = gigID
        self.title = title
        self.rateCents = rateCents
    }
}
