/// What became of an account on SkillSync (SkillSync contract, section 3.9).
public struct UserAnalytics: Model, Equatable {
    public let profileViews: ProfileViewFigures
    public let matches: OwnMatchFigures
    public let messages: OwnMessageFigures
    /// What companies look for most, the most wanted first.
    public let skillsTrending: [SkillDemand]

    public init(
        profileViews: ProfileViewFigures, matches: OwnMatchFigures, messages: OwnMessageFigures,
        skillsTrending: [SkillDemand]
    ) {
        self.profileViews = profileViews
        self.matches = matches
        self.messages = messages
        self.skillsTrending = skillsTrending
    }
}

public struct ProfileViewFigures: Model, Equatable {
    public let total: Int
    /// In the seven days that end today, by UTC.
    public let thisWeek: Int
    /// Against the seven days before: `+12%`.
    public let growth: String

    public init(total: Int, thisWeek: Int, growth: String) {
        self.total = total
        self.thisWeek = thisWeek
        self.growth = growth
    }
}

public struct OwnMatchFigures: Model, Equatable {
    public let totalReceived: Int
    public let accepted: Int
    /// `14.7%`
    public let acceptanceRate: String
    /// 0 to 100; 0 without a match.
    public let avgMatchScore: Int

    public init(totalReceived: Int, accepted: Int, acceptanceRate: String, avgMatchScore: Int) {
        self.totalReceived = totalReceived
        self.accepted = accepted
        self.acceptanceRate = acceptanceRate
        self.avgMatchScore = avgMatchScore
    }
}

public struct OwnMessageFigures: Model, Equatable {
    public let sent: Int
    public let received: Int
    /// How many of the turns of others were answered: `87.5%`.
    public let responseRate: String
    /// From the first message of a turn to the answer: `2h 15m`.
    public let avgResponseTime: String

    public init(sent: Int, received: Int, responseRate: String, avgResponseTime: String) {
        self.sent = sent
        self.received = received
        self.responseRate = responseRate
        self.avgResponseTime = avgResponseTime
    }
}

public struct SkillDemand: Model, Equatable {
    public let skill: String
    /// 100 for the skill that most companies look for; for others their share of that.
    public let demandScore: Int

    public init(skill: String, demandScore: Int) {
        self.skill = skill
        self.demandScore = demandScore
    }
}

/// What happens on all of SkillSync (SkillSync contract, section 3.10). No person is in it.
public struct PlatformAnalytics: Model, Equatable {
    public let activeUsers: Int
    public let newProfiles: Int
    public let matches: PlatformMatchFigures
    public let messages: PlatformMessageFigures
    public let topSkills: [SkillDemand]
    /// What companies say that they are in, the most frequent first, in lower case.
    public let topIndustries: [String]
    public let period: AnalyticsPeriod

    public init(
        activeUsers: Int, newProfiles: Int, matches: PlatformMatchFigures, messages: PlatformMessageFigures,
        topSkills: [SkillDemand], topIndustries: [String], period: AnalyticsPeriod
    ) {
        self.activeUsers = activeUsers
        self.newProfiles = newProfiles
        self.matches = matches
        self.messages = messages
        self.topSkills = topSkills
        self.topIndustries = topIndustries
        self.period = period
    }
}

/// The matches that were made in the period, one for each side.
public struct PlatformMatchFigures: Model, Equatable {
    public let created: Int
    public let accepted: Int
    public let acceptanceRate: String
    public let avgMatchScore: Int

    public init(created: Int, accepted: Int, acceptanceRate: String, avgMatchScore: Int) {
        self.created = created
        self.accepted = accepted
        self.acceptanceRate = acceptanceRate
        self.avgMatchScore = avgMatchScore
    }
}

public struct PlatformMessageFigures: Model, Equatable {
    public let sent: Int

    public init(sent: Int) { self.sent = sent }
}

public struct AnalyticsPeriod: Model, Equatable {
    /// The beginning of a day, by UTC.
    public let from: Timestamp
    public let to: Timestamp

    public init(from: Timestamp, to: Timestamp) {
        self.from = from
        self.to = to
    }
}

/// `/v1/analytics`.
public struct AnalyticsEndpoints: EndpointGroup {
    public static let surface = Surface.skillSync
    public static let service = ServiceName.talent

    public let user = Endpoint<NoInput, UserAnalytics>(
        "skillsync.analytics.user", .get, "/v1/analytics/users/{userId}", of: Self.self,
        access: .account(.analyticsRead), errors: [.forbidden, .notFound],
        "Your views, matches and messages, and which skills are wanted")
    public let platform = Endpoint<NoInput, PlatformAnalytics>(
        "skillsync.analytics.platform", .get, "/v1/analytics/platform", of: Self.self,
        access: .account(.analyticsRead), errors: [.forbidden],
        "What happened on the platform in the last 30 days; for Enterprise plans")
}
