import Logging
import Postgres
import ServiceKit
import SharedModels

/// Puts together what matching is made of.
struct Matching: Sendable {
    /// How often news of profiles and gigs are looked for.
    private static let pace = Duration.seconds(2)
    /// How many matches are expired at once.
    private static let batch = 1_000

    let workflow: MatchWorkflow
    let decisions: DecisionWorkflow
    let features: FeatureWorkflow
    let rematching: RematchWorkflow
    let directory: MatchDirectory
    let texts: TextWorkflow?
    private let clock: any DomainClock

    init(
        database: Database, clock: any DomainClock, outbox: Outbox, scheduler: Scheduler, finder: ProfileFinder,
        links: ProfileLinks, peers: any MatchPeers, scorer: MatchScorer,
        embedder: (any TextEmbedder)?, logger: Logger
    ) {
        let (matches, runs, store) = (MatchStore(), MatchRunStore(), FeatureStore())
        directory = MatchDirectory(database: database, features: store, scorer: scorer)
        texts = embedder.map {
            TextWorkflow(database: database, clock: clock, embedder: $0, features: store, logger: logger)
        }
        features = FeatureWorkflow(
            database: database, features: store, source: FeatureSource(), runs: runs, scheduler: scheduler,
            text: SkillText(near: scorer.near), texts: texts)
        rematching = RematchWorkflow(
            database: database, features: store, directory: directory, runs: runs, scorer: scorer, outbox: outbox)
        workflow = MatchWorkflow(
            database: database, finder: finder, matches: matches, pages: MatchPageStore(), features: store,
            news: features, rematching: rematching,
            display: MatchDisplay(
                profiles: finder.profiles, features: TalentFeatureStore(), details: WorkDetailsStore(), links: links))
        decisions = DecisionWorkflow(
            database: database, clock: clock, matches: matches, peers: peers, outbox: outbox)
        self.clock = clock
    }

    /// Keeps features, index and matches up with what changes.
    func register(on scheduler: Scheduler) {
        scheduler.every(Self.pace, "talent.match.news") {
            try await features.catchUp(at: clock.now)
            try await directory.catchUp()
        }
        texts?.register(on: scheduler)
        scheduler.on(Rematch.self) { work in try await rematching.rematch(work.subject, at: clock.now) }
        scheduler.every(.minutes(1), "talent.match.expiry") {
            try await expire(at: clock.now)
            try await workflow.pages.deleteOld(before: clock.now - MatchPageStore.lifetime, in: workflow.database)
        }
    }

    func expire(at now: Timestamp) async throws {
        while try await rematching.runs.expire(Self.batch, at: now, in: workflow.database) == Self.batch {}
    }
}

/// Calls messages.
struct LiveMatchPeers: MatchPeers {
    let peers: Peers

    func open(
        _ id: ActionID, by user: AccountID, with other: AccountID, over match: MatchID, message: String?
    ) async throws -> ConversationID {
        try await peers.call(
            Endpoints.messagesInternal.open,
            ConversationOpening(openingID: id, userID: user, otherUserID: other, matchID: match, message: message)
        ).conversationID
    }
}
