/// Where a match stands.
public enum MatchStatus: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case pending, saved, accepted, rejected, expired
}

/// What the match's user can do with it.
public enum MatchAction: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case accept, reject, save
}

public enum MatchPriority: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case low, normal, high
}

/// How much experience is there, or asked for.
public enum MatchExperience: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case junior, mid, senior, lead
}

/// An account that fits another (SkillSync contract, section 3.2).
public struct MatchView: Model {
    public let id: PrefixedID<MatchKind>
    /// The counterpart.
    public let userID: PrefixedID<AccountKind>
    public let profile: MatchedProfile
    /// The work that it is about; `nil` for what a profile alone looks for.
    public let work: MatchedWork?
    public let status: MatchStatus
    public let matchScore: Int
    public let matchReasons: [String]
    public let skillsMatched: [MatchedSkill]
    public let compatibilityScores: CompatibilityScores
    public let createdAt: Timestamp
    public let expiresAt: Timestamp
    public let nextActions: [NextAction]

    public init(
        id: MatchID, userID: AccountID, profile: MatchedProfile, work: MatchedWork?, status: MatchStatus,
        matchScore: Int, matchReasons: [String], skillsMatched: [MatchedSkill],
        compatibilityScores: CompatibilityScores, createdAt: Timestamp, expiresAt: Timestamp, nextActions: [NextAction]
    ) {
        self.id = PrefixedID(id)
        self.userID = PrefixedID(userID)
        self.profile = profile
        self.work = work
        self.status = status
        self.matchScore = matchScore
        self.matchReasons = matchReasons
        self.skillsMatched = skillsMatched
        self.compatibilityScores = compatibilityScores
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.nextActions = nextActions
    }
}

/// The counterpart of a match as it is shown. Nothing of it counts for the score.
public struct MatchedProfile: Model, Equatable {
    public let name: String
    public let title: String?
    /// What kind of company it is, such as `startup`; `freelancer` for a person.
    public let type: String?
    public let logo: String?
    public let location: String?
    public let companySize: String?
    public let industry: String?

    public init(
        name: String, title: String?, type: String?, logo: String?, location: String?, companySize: String?,
        industry: String?
    ) {
        self.name = name
        self.title = title
        self.type = type
        self.logo = logo
        self.location = location
        self.companySize = companySize
        self.industry = industry
    }
}

/// A gig that is open.
public struct MatchedWork: Model, Equatable {
    public let gigID: PrefixedID<GigKind>
    public let title: String

    public init(gigID: GigID, title: String) {
        self.gigID = PrefixedID(gigID)
        self.title = title
    }
}

public struct MatchedSkill: Model, Equatable {
    /// As it is asked for.
    public let skill: String
    /// How well it is there: 0 to 1, with two decimals.
    public let weight: Double

    /// - Parameter hundredths: 0 to 100.
    public init(skill: String, hundredths: Int) {
        self.skill = skill
        weight = Double(hundredths) / 100
    }
}

/// 0 to 100 each.
public struct CompatibilityScores: Model, Equatable {
    public let technical: Int
    public let cultural: Int
    public let experience: Int

    public init(technical: Int, cultural: Int, experience: Int) {
        self.technical = technical
        self.cultural = cultural
        self.experience = experience
    }
}

public struct MatchPagination: Model, Equatable {
    public let total: Int
    /// From 1.
    public let page: Int
    public let perPage: Int
    public let totalPages: Int
    /// Leads on in the list as it is now, whatever changes meanwhile; `nil` at the end.
    public let nextCursor: String?

    public init(total: Int, page: Int, perPage: Int, nextCursor: String?) {
        self.total = total
        self.page = page
        self.perPage = perPage
        totalPages = (total + perPage - 1) / perPage
        self.nextCursor = nextCursor
    }
}

public struct MatchList: Model {
    public let matches: [MatchView]
    public let pagination: MatchPagination
    /// The filters that the caller sent, by their names.
    public let filtersApplied: JSONValue

    public init(matches: [MatchView], pagination: MatchPagination, filtersApplied: JSONValue) {
        self.matches = matches
        self.pagination = pagination
        self.filtersApplied = filtersApplied
    }
}

/// The answer at an id: the list of an account, or one match with its insights. The members of the other are left out, and
/// so is the work of a match that is about none.
public struct MatchAnswer: LeavesOutNil {
    public let matches: [MatchView]?
    public let pagination: MatchPagination?
    public let filtersApplied: JSONValue?
    public let id: PrefixedID<MatchKind>?
    public let userID: PrefixedID<AccountKind>?
    public let profile: MatchedProfile?
    public let work: MatchedWork?
    public let status: MatchStatus?
    public let matchScore: Int?
    public let matchReasons: [String]?
    public let skillsMatched: [MatchedSkill]?
    public let compatibilityScores: CompatibilityScores?
    public let createdAt: Timestamp?
    public let expiresAt: Timestamp?
    public let nextActions: [NextAction]?
    public let insights: MatchInsights?
}

extension MatchAnswer {
    public init(_ list: MatchList) {
        (matches, pagination, filtersApplied) = (list.matches, list.pagination, list.filtersApplied)
        (id, userID, profile, work, status) = (nil, nil, nil, nil, nil)
        (matchScore, matchReasons, skillsMatched, compatibilityScores) = (nil, nil, nil, nil)
        (createdAt, expiresAt, nextActions, insights) = (nil, nil, nil, nil)
    }

    public init(_ match: MatchView, _ insights: MatchInsights) {
        (matches, pagination, filtersApplied) = (nil, nil, nil)
        (id, userID, profile, work, status) = (match.id, match.userID, match.profile, match.work, match.status)
        (matchScore, matchReasons) = (match.matchScore, match.matchReasons)
        (skillsMatched, compatibilityScores) = (match.skillsMatched, match.compatibilityScores)
        (createdAt, expiresAt, nextActions) = (match.createdAt, match.expiresAt, match.nextActions)
        self.insights = insights
    }
}

public struct MatchActionInput: Model {
    public let action: MatchAction
    /// The first message on acceptance, the reason on rejection.
    public var message: String?
    public var metadata: MatchActionMetadata?

    public static let rules: [String: MemberRule] = ["message": .text(1...5000)]
}

public struct MatchActionMetadata: Model {
    public var priority: MatchPriority?
    /// For oneself alone.
    public var notes: String?

    public static let rules: [String: MemberRule] = ["notes": .optionalText(0...5000)]
}

public struct MatchActionResult: Model {
    public let actionID: PrefixedID<ActionKind>
    public let matchID: PrefixedID<MatchKind>
    public let status: MatchStatus
    /// `nil` unless it was accepted.
    public let conversationID: PrefixedID<ConversationKind>?
    public let nextSteps: [String]

    public init(
        actionID: ActionID, matchID: MatchID, status: MatchStatus, conversationID: ConversationID?, nextSteps: [String]
    ) {
        self.actionID = PrefixedID(actionID)
        self.matchID = PrefixedID(matchID)
        self.status = status
        self.conversationID = conversationID.map { PrefixedID($0) }
        self.nextSteps = nextSteps
    }
}

/// `/v1/matches`.
public struct MatchEndpoints: EndpointGroup {
    public static let surface = Surface.skillSync
    public static let service = ServiceName.talent

    public static let limit = Parameter<Int>.integer("limit", 1...100, default: 20, "Matches per page, 1 to 100")
    public static let minimumScore = Parameter<Int>.integer(
        "min_score", 0...100, default: 60, "The least score, 0 to 100")
    public static let skills = Parameter<[String]>.list(
        "skills", atMost: 50, ofAtMost: 100, "Those that are about one of these skills")
    public static let location = Parameter<String?>.text("location", 100, "A city, a country, or remote")
    public static let experience = Parameter<MatchExperience?>.oneOf(
        "experience_level", MatchExperience.self, "How much experience is asked for, or there")
    public static let cursor = Parameter<MatchCursor?>(
        "cursor", MatchCursor.schema, "next_cursor of the page before, with the same filters"
    ) { text in
        guard let text else { return .some(nil) }
        return MatchCursor(text).map(Optional.some)
    }

    private static let filters: [any AnyParameter] = [
        limit, Parameter<Int>.page, cursor, minimumScore, skills, location, experience,
    ]

    public let own = Endpoint<NoInput, MatchList>(
        "skillsync.matches.own", .get, "/v1/matches", of: Self.self, access: .account(.matchesRead),
        query: Self.filters, errors: [.notFound], "Who fits you best")
    public let get = Endpoint<NoInput, MatchAnswer>(
        "skillsync.matches.get", .get, "/v1/matches/{id}", of: Self.self, access: .account(.matchesRead),
        query: Self.filters, errors: [.forbidden, .notFound],
        "Your matches by your id (user_…), or one match with its insights (match_…)")
    public let act = Endpoint<MatchActionInput, MatchActionResult>(
        "skillsync.matches.act", .post, "/v1/matches/{id}/action", of: Self.self, access: .account(.matchesWrite),
        errors: [.notFound, .conflict], idempotency: .resumable, "Accept, reject or save a match")
}
