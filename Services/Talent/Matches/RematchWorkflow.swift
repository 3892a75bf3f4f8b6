import Postgres
import ServiceKit
import SharedModels

/// Works out an account's matches: finds candidates in the index, scores them by what is stored, and makes a match for each
/// that fits and is not one yet. When the account suits one of them better than somebody whom that one was matched with, the
/// other gets a match, too.
struct RematchWorkflow: Sendable {
    /// How many open matches an account has at most.
    static let most = 100
    /// The least score of a match.
    static let least = 20
    /// More candidates than matches, because the first stage knows less than the second.
    private static let candidates = 150

    let database: Database
    let features: FeatureStore
    let directory: MatchDirectory
    let runs: MatchRunStore
    let scorer: MatchScorer
    let outbox: Outbox

    @discardableResult
    func rematch(_ user: AccountID, at now: Timestamp) async throws -> MatchReading {
        // Until the index is whole, the matches that are there stay.
        guard try await directory.catchUp(atMost: 4) else { return MatchReading() }
        let known = try await runs.standing(of: user, in: database)
        guard let own = try await features.find([user], in: database)[user] else {
            try await runs.apply(MatchRun(user: user, ended: known.map(\.other)), outbox, at: now, in: database)
            return MatchReading()
        }
        var read = MatchReading(features: try await candidates(for: user, own, besides: known.map(\.other)))
        read.explanations = explanations(of: own, and: read.features)
        let scored = Self.ranked(read.explanations)
        let fitting = Dictionary(scored.map { ($0.other, $0) }, uniquingKeysWith: { $1 })
        try await runs.apply(
            MatchRun(
                user: user, fitting: Array(scored.prefix(Self.most)),
                ended: known.map(\.other).filter { fitting[$0] == nil },
                changed: known.compactMap { standing in
                    fitting[standing.other].flatMap { $0.points == standing.points ? nil : $0 }
                }),
            outbox, at: now, in: database)
        read.features[user] = own
        return read
    }

    /// Who fits an account, the best first: the candidates of the index, by what is stored of them.
    func scored(_ user: AccountID, _ own: MatchFeatures) async throws -> [ScoredPair] {
        Self.ranked(explanations(of: own, and: try await candidates(for: user, own, besides: [])))
    }

    private func candidates(
        for user: AccountID, _ own: MatchFeatures, besides named: [AccountID]
    ) async throws -> [AccountID: MatchFeatures] {
        let found = try await directory.best(Self.candidates, for: own)
        return try await features.find(Set(found + named).subtracting([user]).sorted(), in: database)
    }

    private func explanations(
        of own: MatchFeatures, and others: [AccountID: MatchFeatures]
    ) -> [AccountID: MatchExplanation] {
        others.compactMapValues { explanation(of: own, and: $0) }
    }

    private static func ranked(_ explanations: [AccountID: MatchExplanation]) -> [ScoredPair] {
        explanations.compactMap { other, explained -> ScoredPair? in
            guard explained.score.points.total >= least else { return nil }
            return ScoredPair(
                other: other, total: explained.score.total, points: explained.score.points,
                skills: explained.skills.map(\.need.name), work: explained.offer.work)
        }.sorted { ($0.total, $1.other) > ($1.total, $0.other) }
    }

    /// Why two accounts fit; `nil` when they are on one side, or the company looks for nobody.
    func explanation(of one: MatchFeatures, and other: MatchFeatures) -> MatchExplanation? {
        switch (one, other) {
        case (.person(let person), .company(let company)), (.company(let company), .person(let person)):
            MatchExplanation(scorer, person, company)
        case (.person, .person), (.company, .company): nil
        }
    }
}

/// What a run has read and found out on the way, so that nobody has to do it again.
struct MatchReading: Sendable {
    var features: [AccountID: MatchFeatures] = [:]
    /// Why the account fits the others, as far as it does.
    var explanations: [AccountID: MatchExplanation] = [:]
}

/// Somebody who fits.
struct ScoredPair: Sendable {
    let other: AccountID
    let total: Int
    let points: MatchPoints
    let skills: [String]
    let work: MatchedWork?
}

/// What a run found out about an account.
struct MatchRun: Sendable {
    let user: AccountID
    /// Whom it should be matched with, the best first.
    var fitting: [ScoredPair] = []
    /// Whom it is matched with and does not fit any more.
    var ended: [AccountID] = []
    /// Whom it is matched with by another score.
    var changed: [ScoredPair] = []
}
