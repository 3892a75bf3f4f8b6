import Postgres
import ServiceKit
import SharedModels

/// Figures for people about themselves, and for Enterprise accounts about the platform.
struct AnalyticsWorkflow: Sendable {
    /// The days of a report on the platform, today included.
    static let days = 30
    /// A skill or an industry that fewer companies name is not shown, because it could tell of one of them.
    static let smallestGroup: Int64 = 5
    /// How many skills and industries are shown.
    static let shown = 10

    let database: Database
    let finder: ProfileFinder
    let folding: FigureFolding
    let figures = FigureStore()
    let words = MarketWordStore()

    /// - Throws: 403 for another account's, 404 for one that is deleted.
    func own(_ id: AccountID, by caller: Principal, at now: Timestamp) async throws -> UserAnalytics {
        guard id == caller.accountID else { throw AnalyticsError.notYours }
        _ = try await finder.met(id, at: now)
        return try await figures.figures(of: id, on: now.day, in: database).view(trending: try await topSkills())
    }

    /// - Throws: 403 on other plans.
    func platform(for caller: Principal, at now: Timestamp) async throws -> PlatformAnalytics {
        guard caller.plan == .enterprise || caller.plan == .custom else { throw AnalyticsError.notOnThisPlan }
        // Who was active is known once it is folded. After an upgrade there is much to fold; that is done in the background.
        try await folding.fold(atMost: 2)
        let first = CalendarDay(daysSince1970: now.day.daysSince1970 - (Self.days - 1))
        let industries = try await words.top(.industry, Self.shown, namedBy: Self.smallestGroup, in: database)
        return try await figures.figures(in: first...now.day, in: database).view(
            skills: try await topSkills(), industries: industries.map(\.shown),
            AnalyticsPeriod(from: Timestamp(seconds: Int64(first.daysSince1970) * 86_400), to: now))
    }

    private func topSkills() async throws -> [SkillDemand] {
        let top = try await words.top(.skill, Self.shown, namedBy: Self.smallestGroup, in: database)
        let most = top.first?.companies ?? 0
        return top.map {
            SkillDemand(skill: $0.shown, demandScore: Int(FigureText.rounded(100 * $0.companies, by: most)))
        }
    }
}
