public enum ApplicationStatus: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case applied, shortlisted, rejected
}

public struct ApplicationInput: Model {
    public var message: String?

    public static let rules: [String: MemberRule] = ["message": .optionalText(0...5000)]
}

public struct ApplicationUpdate: Model {
    /// `shortlisted` or `rejected`.
    public let status: ApplicationStatus

    public static let rules: [String: MemberRule] = [
        "status": .oneOf("ApplicationDecision", ["shortlisted", "rejected"])
    ]
}

public struct ApplicationView: Model, JSONWritable {
    public let id: ApplicationID
    public let gigID: GigID
    public let workerUserID: AccountID
    public let message: String?
    public let status: ApplicationStatus
    public let createdAt: Timestamp
    public let updatedAt: Timestamp
    public let nextActions: [NextAction]

    public init(
        id: ApplicationID, gigID: GigID, workerUserID: AccountID, message: String?, status: ApplicationStatus,
        createdAt: Timestamp, updatedAt: Timestamp, nextActions: [NextAction]
    ) {
        self.id = id
        self.gigID = gigID
        self.workerUserID = workerUserID
        self.message = message
        self.status = status
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.nextActions = nextActions
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("id"); writer.value(id)
        writer.key("gig_id"); writer.value(gigID)
        writer.key("worker_user_id"); writer.value(workerUserID)
        writer.key("message"); writer.value(optional: message)
        writer.key("status"); writer.value(status.rawValue)
        writer.key("created_at"); writer.value(createdAt)
        writer.key("updated_at"); writer.value(updatedAt)
        writer.key("next_actions"); nextActions.write(to: &writer)
        writer.endObject()
    }
}

/// An application as the gig's owner sees it in the list.
public struct ReceivedApplication: Model {
    public let id: ApplicationID
    public let gigID: GigID
    public let workerUserID: AccountID
    public let message: String?
    public let status: ApplicationStatus
    public let workerProfile: WorkerProfile
    public let createdAt: Timestamp
    public let updatedAt: Timestamp
    public let nextActions: [NextAction]

    public init(_ application: ApplicationView, workerProfile: WorkerProfile) {
        id = application.id
        gigID = application.gigID
        workerUserID = application.workerUserID
        message = application.message
        status = application.status
        self.workerProfile = workerProfile
        createdAt = application.createdAt
        updatedAt = application.updatedAt
        nextActions = application.nextActions
    }
}

public struct WorkerProfile: Model {
    public let displayName: String
    public let bio: String?
    public let skills: [String]
    public let ghostScore: Int
    public let githubUsername: String?
    public let githubProfileURL: String?
    public let vouchedBy: [Voucher]

    public init(_ profile: PublicProfile) {
        displayName = profile.displayName
        bio = profile.bio
        skills = profile.skills
        ghostScore = profile.ghostScore
        githubUsername = profile.githubUsername
        githubProfileURL = profile.githubProfileURL
        vouchedBy = profile.vouchedBy
    }
}

public struct ReceivedApplicationList: Model {
    public let applications: [ReceivedApplication]
    public let nextCursor: String?

    public init(applications: [ReceivedApplication], nextCursor: String?) {
        self.applications = applications
        self.nextCursor = nextCursor
    }
}

/// One's own application, with what became of it.
public struct OwnApplication: Model {
    public let id: ApplicationID
    public let gigID: GigID
    public let gigTitle: String
    public let workerUserID: AccountID
    public let message: String?
    public let status: ApplicationStatus
    public let negotiationID: NegotiationID?
    public let negotiation: NegotiationSummary?
    public let createdAt: Timestamp
    public let updatedAt: Timestamp
    public let nextActions: [NextAction]

    public init(
        _ application: ApplicationView, gigTitle: String, negotiationID: NegotiationID?,
        negotiation: NegotiationSummary?
    ) {
        id = application.id
        gigID = application.gigID
        self.gigTitle = gigTitle
        workerUserID = application.workerUserID
        message = application.message
        status = application.status
        self.negotiationID = negotiationID
        self.negotiation = negotiation
        createdAt = application.createdAt
        updatedAt = application.updatedAt
        nextActions = application.nextActions
    }
}

/// A negotiation's state and terms, as shown beside an application.
public struct NegotiationSummary: Model {
    public let state: NegotiationState
    public let roundNumber: Int
    public let rateCents: Int64?
    public let hoursPerWeek: Int?
    public let startDate: CalendarDay?
    public let payoutDelayDays: Int?

    public init(
        state: NegotiationState, roundNumber: Int, rateCents: Int64?, hoursPerWeek: Int?, startDate: CalendarDay?,
        payoutDelayDays: Int?
    ) {
        self.state = state
        self.roundNumber = roundNumber
        self.rateCents = rateCents
        self.hoursPerWeek = hoursPerWeek
        self.startDate = startDate
        self.payoutDelayDays = payoutDelayDays
    }
}

public struct OwnApplicationList: Model {
    public let applications: [OwnApplication]
    public let nextCursor: String?

    public init(applications: [OwnApplication], nextCursor: String?) {
        self.applications = applications
        self.nextCursor = nextCursor
    }
}

/// `/api/gigs/{id}/applications` and `/api/applications`.
public struct ApplicationEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.jobs

    public static let status = Parameter<ApplicationStatus?>.oneOf(
        "status", ApplicationStatus.self, "Only those in this status")
    public static let gig = Parameter<GigID?>.id("gig_id", "Only those to this gig")

    public let received = Endpoint<NoInput, ReceivedApplicationList>(
        "applications.list", .get, "/api/gigs/{id}/applications", of: Self.self, access: .account(.gigsRead),
        query: [Self.status, Parameter<Int>.limit, Parameter<PageCursor?>.cursor], errors: [.forbidden, .notFound],
        "The applications to your gig")
    public let update = Endpoint<ApplicationUpdate, ApplicationView>(
        "applications.update", .patch, "/api/gigs/{id}/applications/{appId}", of: Self.self,
        access: .account(.gigsWrite),
        errors: [.forbidden, .notFound, .conflict, .preconditionFailed], "Shortlist or reject an applicant")
    public let mine = Endpoint<NoInput, OwnApplicationList>(
        "applications.mine", .get, "/api/applications/mine", of: Self.self, access: .account(.gigsRead),
        query: [Self.status, Self.gig, Parameter<Int>.limit, Parameter<PageCursor?>.cursor], "Your applications")
    public let withdraw = Endpoint<NoInput, NoOutput>(
        "applications.withdraw", .delete, "/api/applications/{id}", of: Self.self, access: .account(.gigsWrite),
        success: 204, errors: [.forbidden, .notFound, .conflict, .preconditionFailed],
        "Withdraw your application; you may apply again")
}
