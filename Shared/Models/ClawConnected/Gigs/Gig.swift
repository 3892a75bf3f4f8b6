public enum GigStatus: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case draft, active, closed
}

/// Whose gigs a list shows.
public enum GigOwner: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    /// The caller's.
    case me
}

public struct GigInput: Model {
    public let title: String
    public var description: String?
    public var scope: String?
    /// US cents per hour; 0 is volunteer work.
    public var rateCents: Int64?
    public var status: GigStatus?

    public static let rules = GigRules.members
}

public struct GigUpdate: PartialUpdate {
    public var title: String?
    public var description: Patch<String> = .keep
    public var scope: Patch<String> = .keep
    public var rateCents: Patch<Int64> = .keep
    public var status: GigStatus?

    public static let rules = GigRules.members
}

/// The limits of a gig's members, new or changed.
enum GigRules {
    static let members: [String: MemberRule] = [
        "title": .text(1...200), "description": .optionalText(0...20_000), "scope": .optionalText(0...20_000),
        "rateCents": .amount,
    ]
}

public struct GigView: Model {
    public let id: GigID
    public let ownerUserID: AccountID
    public let title: String
    public let description: String?
    public let scope: String?
    public let rateCents: Int64?
    public let status: GigStatus
    public let createdAt: Timestamp
    public let updatedAt: Timestamp
    public let nextActions: [NextAction]
}

/// How many have applied to a gig of the caller's.
public struct GigApplicationCount: Model, Equatable {
    public let gigID: GigID
    /// Up to 1,000.
    public let total: Int
    /// Of them, those that are neither shortlisted nor rejected.
    public let undecided: Int
}

public struct GigList: Model {
    public let gigs: [GigView]
    /// One for each of the gigs; `nil` unless the list has the caller's own gigs alone.
    public let applicationCounts: [GigApplicationCount]?
    public let nextCursor: String?
}

/// `/api/gigs`.
public struct GigEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.jobs

    public static let status = Parameter<GigStatus?>.oneOf(
        "status", GigStatus.self, "active (everybody's; the default), draft or closed (your own)")
    public static let owner = Parameter<GigOwner?>.oneOf(
        "owner", GigOwner.self, "me: only your own, in every status or in the one that status names")
    public static let waitingFor = Parameter<Awaited?>.oneOf(
        "waiting_for", Awaited.self, "me: only your drafts, and your active gigs with applicants to look at")

    public let list = Endpoint<NoInput, GigList>(
        "gigs.list", .get, "/api/gigs", of: Self.self, access: .account(.gigsRead),
        query: [
            Self.status, Self.owner, Self.waitingFor, GigSearchParameters.words, GigSearchParameters.minimumRate,
            GigSearchParameters.maximumRate,
            GigSearchParameters.sort, Parameter<Int>.limit, GigSearchParameters.cursor,
        ], "List gigs, or search among them")
    public let create = Endpoint<GigInput, GigView>(
        "gigs.create", .post, "/api/gigs", of: Self.self, access: .client(.gigsWrite), success: 201, "Post a gig")
    public let get = Endpoint<NoInput, GigView>(
        "gigs.get", .get, "/api/gigs/{id}", of: Self.self, access: .account(.gigsRead), errors: [.notFound], "One gig")
    public let update = Endpoint<GigUpdate, GigView>(
        "gigs.update", .patch, "/api/gigs/{id}", of: Self.self, access: .account(.gigsWrite),
        errors: [.forbidden, .notFound, .preconditionFailed], "Change or publish your gig")
    public let delete = Endpoint<NoInput, NoOutput>(
        "gigs.delete", .delete, "/api/gigs/{id}", of: Self.self, access: .account(.gigsWrite), success: 204,
        errors: [.forbidden, .notFound, .conflict, .preconditionFailed], "Delete your gig and its applications")
    public let apply = Endpoint<ApplicationInput, ApplicationView>(
        "gigs.apply", .post, "/api/gigs/{id}/apply", of: Self.self, access: .freelancer(.gigsWrite), success: 201,
        errors: [.forbidden, .notFound, .conflict], "Apply to an active gig")
}
