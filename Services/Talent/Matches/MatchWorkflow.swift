import Postgres
import ServiceKit
import SharedModels

/// Callers' requests about their matches.
struct MatchWorkflow: Sendable {
    let database: Database
    let finder: ProfileFinder
    let matches: MatchStore
    let pages: MatchPageStore
    let features: FeatureStore
    let news: FeatureWorkflow
    let rematching: RematchWorkflow
    let display: MatchDisplay

    /// The matches of an account that pass the filter, the best first. They are worked out again, unless the page goes on
    /// with a list that was read before.
    func list(
        of user: AccountID, _ filter: MatchFilter, page: Int, after cursor: MatchCursor?, limit: Int, at now: Timestamp
    ) async throws -> MatchPage {
        _ = try await finder.met(user, at: now)
        if let cursor { return try await further(of: user, after: cursor, limit: limit, at: now) }
        // After an upgrade there is much to catch up with; the rest of it is done in the background.
        try await news.catchUp(at: now, atMost: 2)
        let read = try await rematching.rematch(user, at: now)
        let shown = try await scored(
            try await matches.shown(to: user, at: now, in: database), of: user, besides: read
        )
        .filter { filter.takes($0.points.total, skills: $0.skills, $0.other, $0.offer) }
        .sorted { ($0.total, $1.match.id) > ($1.total, $0.match.id) }
        let start = min((page - 1) * limit, shown.count)
        let end = min(start + limit, shown.count)
        var next: MatchCursor?
        if end < shown.count {
            let id = MatchPageID.make(at: now)
            try await pages.insert(id, of: user, shown.map(\.match.id), at: now, in: database)
            next = MatchCursor(id, end)
        }
        return MatchPage(
            items: try await display.shown(Array(shown[start..<end]), at: now, in: database), total: shown.count,
            page: page, next: next)
    }

    /// A page of a list as it was when its first page was read. Who has left meanwhile is left out.
    private func further(
        of user: AccountID, after cursor: MatchCursor, limit: Int, at now: Timestamp
    ) async throws -> MatchPage {
        guard let ids = try await pages.find(cursor.page, of: user, in: database) else {
            throw InvalidParameter.outdatedCursor
        }
        let start = min(cursor.offset, ids.count)
        let end = min(start + limit, ids.count)
        let wanted = Array(ids[start..<end])
        let found = try await scored(try await matches.find(wanted, of: user, in: database), of: user)
        let known = Dictionary(found.map { ($0.match.id, $0) }, uniquingKeysWith: { $1 })
        return MatchPage(
            items: try await display.shown(wanted.compactMap { known[$0] }, at: now, in: database), total: ids.count,
            page: cursor.offset / limit + 1, next: end < ids.count ? MatchCursor(cursor.page, end) : nil)
    }

    /// One match, with why it has its score.
    ///
    /// - Throws: ``MatchError/notFound(_:)``, also for somebody else's.
    func details(_ id: MatchID, by user: AccountID, at now: Timestamp) async throws -> (ShownMatch, MatchInsights) {
        guard let match = try await matches.find(id, in: database), match.userID == user else {
            throw MatchError.notFound(id)
        }
        guard
            let scored = try await scored([match], of: user).first,
            let shown = try await display.shown([scored], at: now, in: database).first
        else { throw MatchError.notFound(id) }
        return (shown, scored.insights(rematching.scorer.weights))
    }

    func live(between one: AccountID, _ other: AccountID, at now: Timestamp) async throws -> MatchID? {
        try await matches.live(between: one, other, at: now, in: database)
    }

    /// Scores matches by what is known now. Without the features of both sides a match keeps the score that it has.
    ///
    /// - Parameter read: What was just read.
    private func scored(
        _ matches: [Match], of user: AccountID, besides read: MatchReading = MatchReading()
    ) async throws -> [ScoredMatch] {
        guard !matches.isEmpty else { return [] }
        let unread = Set([user] + matches.map(\.otherID)).subtracting(read.features.keys)
        var known = read.features
        if !unread.isEmpty { known.merge(try await features.find(unread.sorted(), in: database)) { first, _ in first } }
        return matches.map { match in
            let explanation =
                read.explanations[match.otherID]
                ?? known[user].flatMap { own in
                    known[match.otherID].flatMap { rematching.explanation(of: own, and: $0) }
                }
            return ScoredMatch(
                match: match, other: known[match.otherID] ?? .person(PersonFeatures()), explanation: explanation)
        }
    }
}

/// A match with its present score.
struct ScoredMatch: Sendable {
    let match: Match
    let other: MatchFeatures
    /// `nil` when one side has nothing to be matched by any more.
    let explanation: MatchExplanation?

    var points: MatchPoints { explanation?.score.points ?? match.points }
    var total: Int { explanation?.score.total ?? match.points.total * 100 }
    var skills: [String] { explanation?.skills.map(\.need.name) ?? match.skills }
    var offer: OfferFeatures { explanation?.offer ?? OfferFeatures() }

    func insights(_ weights: MatchWeights) -> MatchInsights {
        let text = explanation?.score.text == nil ? 0 : weights.text
        let sum = weights.technical + weights.cultural + weights.experience + text
        func part(_ score: Int, _ weight: Int) -> ScorePart { ScorePart(score: score, weight: weight * 100 / sum) }
        return MatchInsights(
            summary: explanation?.summary ?? "One side has nothing to be matched by any more.",
            strengths: explanation?.strengths ?? [], gaps: explanation?.gaps ?? [],
            scoreBreakdown: ScoreBreakdown(
                technical: part(points.technical, weights.technical),
                cultural: part(points.cultural, weights.cultural),
                experience: part(points.experience, weights.experience)),
            improvements: explanation?.improvements.map {
                MatchImprovement(suggestion: $0.suggestion, matchScore: MatchScore.rounded($0.total))
            } ?? [])
    }
}

struct MatchPage: Sendable {
    let items: [ShownMatch]
    let total: Int
    let page: Int
    let next: MatchCursor?
}

extension InvalidParameter {
    fileprivate static let outdatedCursor = InvalidParameter(
        issue: InputIssue(path: "cursor", message: "is not kept any more; read the list from its first page again"),
        isUnknownValue: false)
}
