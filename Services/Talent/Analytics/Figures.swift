import SharedModels

/// What became of an account.
struct AccountFigures: Sendable, Equatable {
    var views: Int64 = 0
    var viewsThisWeek: Int64 = 0
    /// In the seven days before.
    var viewsLastWeek: Int64 = 0
    var matches = MatchFigures()
    var messagesSent: Int64 = 0
    var messagesReceived: Int64 = 0
    /// How often others had the word, and how often they were answered.
    var turnsReceived: Int64 = 0
    var turnsAnswered: Int64 = 0
    /// How long those had waited, together.
    var answerSeconds: Int64 = 0
}

struct MatchFigures: Sendable, Equatable {
    var created: Int64 = 0
    var accepted: Int64 = 0
    /// The sum of the scores.
    var score: Int64 = 0
}

/// What happened on the whole platform.
struct PlatformFigures: Sendable, Equatable {
    var activeAccounts: Int64 = 0
    var newProfiles: Int64 = 0
    var matches = MatchFigures()
    var messagesSent: Int64 = 0
}

/// A skill or an industry, and how many companies name it.
struct MarketWord: Sendable, Equatable {
    let shown: String
    let companies: Int64
}

/// Shares as SkillSync writes them. Where there is nothing to divide by, nothing has happened: 0.
enum FigureText {
    /// With one decimal, rounded half up: 23 of 156 is `14.7%`.
    static func share(of part: Int64, in whole: Int64) -> String {
        let tenths = rounded(1000 * part, by: whole)
        return "\(tenths / 10).\(tenths % 10)%"
    }

    /// Whole percents with a sign: 112 after 100 is `+12%`. Something after nothing is `+100%`.
    static func growth(from before: Int64, to now: Int64) -> String {
        guard before > 0 else { return now > 0 ? "+100%" : "+0%" }
        let change = rounded(100 * abs(now - before), by: before)
        return "\(now < before && change > 0 ? "-" : "+")\(change)%"
    }

    /// The mean in hours and minutes, rounded down: `2h 15m`.
    static func mean(_ seconds: Int64, over count: Int64) -> String {
        let minutes = count > 0 ? seconds / count / 60 : 0
        return "\(minutes / 60)h \(minutes % 60)m"
    }

    /// Half up; 0 when there is nothing to divide by.
    static func rounded(_ number: Int64, by divisor: Int64) -> Int64 {
        divisor > 0 ? (2 * number + divisor) / (2 * divisor) : 0
    }
}

extension MatchFigures {
    var acceptanceRate: String { FigureText.share(of: accepted, in: created) }
    var meanScore: Int { Int(FigureText.rounded(score, by: created)) }
}

extension AccountFigures {
    func view(trending: [SkillDemand]) -> UserAnalytics {
        UserAnalytics(
            profileViews: ProfileViewFigures(
                total: Int(views), thisWeek: Int(viewsThisWeek),
                growth: FigureText.growth(from: viewsLastWeek, to: viewsThisWeek)),
            matches: OwnMatchFigures(
                totalReceived: Int(matches.created), accepted: Int(matches.accepted),
                acceptanceRate: matches.acceptanceRate, avgMatchScore: matches.meanScore),
            messages: OwnMessageFigures(
                sent: Int(messagesSent), received: Int(messagesReceived),
                responseRate: FigureText.share(of: turnsAnswered, in: turnsReceived),
                avgResponseTime: FigureText.mean(answerSeconds, over: turnsAnswered)),
            skillsTrending: trending)
    }
}

extension PlatformFigures {
    func view(skills: [SkillDemand], industries: [String], _ period: AnalyticsPeriod) -> PlatformAnalytics {
        PlatformAnalytics(
            activeUsers: Int(activeAccounts), newProfiles: Int(newProfiles),
            matches: PlatformMatchFigures(
                created: Int(matches.created), accepted: Int(matches.accepted),
                acceptanceRate: matches.acceptanceRate, avgMatchScore: matches.meanScore),
            messages: PlatformMessageFigures(sent: Int(messagesSent)), topSkills: skills, topIndustries: industries,
            period: period)
    }
}
