import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// The promise under test: after any history, with deleted accounts and with events that come twice, the counters say what a
/// recount of the raw rows says.
@Suite struct FigureHistoryTests {
    @Test(arguments: UInt64(1)...6)
    func `a random history recounts to what was counted`(seed: UInt64) async throws {
        try await MatchMarket.with { market in
            var history = FigureHistory(market, seed: seed)
            try await history.begin()
            for step in 1...150 {
                try await history.step()
                if step % 50 == 0 { try await history.compare() }
            }
        }
    }
}

private struct FigureHistory {
    private let market: MatchMarket
    private let seed: UInt64
    private var random: SeededGenerator
    private var people: [AccountID] = []
    private var companies: [AccountID] = []
    private var gone: [AccountID] = []
    private var gigs: [(id: GigID, owner: AccountID, sequence: Int64)] = []
    /// The messages, each once, with the ids of their events.
    private var messages: [(id: EventID, count: MessageCount)] = []
    /// Those about somebody who had left do not count for the other's partner.
    private var lastActive: [AccountID: CalendarDay] = [:]
    private static let skills = ["React", "PostgreSQL", "Swift", "Photoshop"]

    init(_ market: MatchMarket, seed: UInt64) {
        self.market = market
        self.seed = seed
        random = SeededGenerator(seed: seed)
    }

    private var today: CalendarDay { market.now.day }
    private var living: [AccountID] { people + companies }

    mutating func begin() async throws {
        for _ in 0..<4 { try await join(.freelancer) }
        for _ in 0..<7 { try await join(.client) }
    }

    private mutating func join(_ type: UserType) async throws {
        let id = type == .client ? try await market.company() : try await market.person("React")
        if type == .client { companies.append(id) } else { people.append(id) }
        if type == .freelancer { lastActive[id] = today }
    }

    mutating func step() async throws {
        switch Int.random(in: 0..<100, using: &random) {
        case ..<18: try await view()
        case ..<38: try await say()
        case ..<50: try await post()
        case ..<56: try await close()
        case ..<64: try await learn()
        case ..<80: try await decide()
        case ..<84: try await leave()
        case ..<87: try await join(Bool.random(using: &random) ? .client : .freelancer)
        case ..<92: try await market.talents.features.analytics.folding.fold()
        case ..<95: try await market.matching.features.catchUp(at: market.now)
        default: market.talents.clock.advance(by: .seconds(Int.random(in: 0...100_000, using: &random)))
        }
    }

    private mutating func somebody() -> AccountID { living.randomElement(using: &random) ?? market.talents.account }

    private mutating func view() async throws {
        let (viewer, seen) = (somebody(), somebody())
        let before = try await viewCount()
        _ = try await market.talents.features.talentProfiles.profile(seen, for: viewer, at: market.now)
        if try await viewCount() > before { lastActive[viewer] = today }
    }

    private func viewCount() async throws -> Int64 {
        try await market.database.one("SELECT count(*) AS views FROM profile_views") { try $0.decode("views") }
    }

    private mutating func say() async throws {
        if Int.random(in: 0..<4, using: &random) == 0, let old = messages.randomElement(using: &random) {
            // It comes once more.
            try await market.message(
                from: old.count.senderID, to: old.count.recipientID, beginsTurn: old.count.beginsTurn,
                answersAfter: old.count.answersAfterSeconds, id: old.id)
            return
        }
        let all = living + gone
        guard let sender = all.randomElement(using: &random), let recipient = all.randomElement(using: &random),
            sender != recipient
        else { return }
        let turn = Bool.random(using: &random)
        let seconds = turn && Bool.random(using: &random) ? Int64.random(in: 0...100_000, using: &random) : nil
        let id = try await market.message(from: sender, to: recipient, beginsTurn: turn, answersAfter: seconds)
        messages.append(
            (
                id,
                MessageCount(
                    senderID: sender, recipientID: recipient, sentAt: market.now, beginsTurn: turn,
                    answersAfterSeconds: seconds)
            ))
        if !gone.contains(sender) { lastActive[sender] = today }
    }

    private mutating func post() async throws {
        guard let owner = companies.randomElement(using: &random) else { return }
        let skills = Self.skills.shuffled(using: &random).prefix(2).joined(separator: " and ")
        gigs.append((try await market.gig("\(skills) developer", of: owner), owner, 1))
        lastActive[owner] = today
    }

    private mutating func close() async throws {
        guard let place = gigs.indices.randomElement(using: &random) else { return }
        gigs[place].sequence += 1
        let gig = gigs[place]
        try await market.gig(
            "React developer", of: gig.owner, as: gig.id, status: Bool.random(using: &random) ? .closed : .active,
            sequence: gig.sequence, .gigUpdated)
    }

    private mutating func learn() async throws {
        guard let person = people.randomElement(using: &random) else { return }
        let before = try await market.talents.own(person)
        let skills = Array(Self.skills.shuffled(using: &random).prefix(2))
        let after = try await market.talents.update(
            ProfileUpdate(skills: .set(skills)), by: market.talents.caller(person))
        if after.view.skills != before.skills { lastActive[person] = today }
    }

    private mutating func decide() async throws {
        let user = somebody()
        let open = try await market.list(user, limit: 100).items.map(\.scored.match).filter {
            !$0.actions(at: market.now).isEmpty
        }
        guard let match = open.randomElement(using: &random),
            let action = match.actions(at: market.now).randomElement(using: &random)
        else { return }
        try await market.act(action, on: match)
        lastActive[user] = today
    }

    private mutating func leave() async throws {
        guard people.count > 1, companies.count > 2 else { return }
        let account = somebody()
        try await market.leave(account)
        people.removeAll { $0 == account }
        companies.removeAll { $0 == account }
        lastActive[account] = nil
        gone.append(account)
    }

    // MARK: - The recount

    /// Before what is pending is folded, and after it.
    func compare() async throws {
        try await market.matching.features.catchUp(at: market.now)
        for _ in 0..<2 {
            for user in people { try await compare(user, .freelancer) }
            for user in companies { try await compare(user, .client) }
            try await comparePlatform()
            try await market.talents.features.analytics.folding.fold()
        }
        let left: Int64 = try await market.database.one(
            "SELECT count(*) AS rows FROM account_figures WHERE user_id = ANY(\(gone))"
        ) { try $0.decode("rows") }
        #expect(left == 0, "seed \(seed)")
        try await compareWords()
    }

    private func compare(_ user: AccountID, _ type: UserType) async throws {
        let raw: (UserAnalytics, [Int64]) = try await market.database.one(
            """
            SELECT count(*) AS matches, count(*) FILTER (WHERE status = 'accepted') AS accepted,
                   coalesce(sum(score), 0)::bigint AS score,
                   (SELECT count(*) FROM profile_views WHERE profile_id = \(user)) AS views,
                   (SELECT count(*) FROM profile_views WHERE profile_id = \(user) AND day > \(today)::date - 7) AS week,
                   (SELECT count(*) FROM profile_views
                     WHERE profile_id = \(user) AND day > \(today)::date - 14 AND day <= \(today)::date - 7) AS before
              FROM matches WHERE user_id = \(user)
            """
        ) { row in
            var figures = AccountFigures()
            figures.matches = MatchFigures(
                created: try row.decode("matches"), accepted: try row.decode("accepted"), score: try row.decode("score")
            )
            figures.views = try row.decode("views")
            (figures.viewsThisWeek, figures.viewsLastWeek) = (try row.decode("week"), try row.decode("before"))
            let sent = messages.map(\.count).filter { $0.senderID == user }
            let received = messages.map(\.count).filter { $0.recipientID == user }
            figures.messagesSent = Int64(sent.count)
            figures.messagesReceived = Int64(received.count)
            figures.turnsReceived = Int64(received.count { $0.beginsTurn })
            figures.turnsAnswered = Int64(sent.count { $0.answersAfterSeconds != nil })
            figures.answerSeconds = sent.compactMap(\.answersAfterSeconds).reduce(0, +)
            return (figures.view(trending: []), [figures.views])
        }
        let counted = try await market.figures(of: user, as: type)
        #expect(counted.profileViews == raw.0.profileViews, "seed \(seed)")
        #expect(counted.matches == raw.0.matches, "seed \(seed)")
        #expect(counted.messages == raw.0.messages, "seed \(seed)")
    }

    private func comparePlatform() async throws {
        let raw: PlatformFigures = try await market.database.one(
            """
            SELECT count(*) AS matches, count(*) FILTER (WHERE status = 'accepted') AS accepted,
                   coalesce(sum(score), 0)::bigint AS score,
                   (SELECT count(*) FROM profiles WHERE deleted_at IS NULL) AS profiles
              FROM matches
            """
        ) { row in
            PlatformFigures(
                activeAccounts: Int64(lastActive.count), newProfiles: try row.decode("profiles"),
                matches: MatchFigures(
                    created: try row.decode("matches"), accepted: try row.decode("accepted"),
                    score: try row.decode("score")),
                messagesSent: Int64(messages.count))
        }
        let counted = try await market.platform()
        let expected = raw.view(skills: counted.topSkills, industries: counted.topIndustries, counted.period)
        #expect(counted == expected, "seed \(seed)")
    }

    private func compareWords() async throws {
        let stored = try await FeatureStore().changes(after: 0, limit: 10_000, in: market.database)
        var wanted: [String: Int64] = [:]
        for row in stored {
            guard case .company(let company)? = try row.features else { continue }
            for key in Set(company.offers.flatMap(\.needs).map(\.key)) { wanted[key, default: 0] += 1 }
        }
        let counted: [(String, Int64)] = try await market.database.all(
            "SELECT word, companies FROM market_words WHERE kind = 'skill'"
        ) { (try $0.decode("word"), try $0.decode("companies")) }
        #expect(Dictionary(counted, uniquingKeysWith: { $1 }) == wanted, "seed \(seed)")
    }
}
