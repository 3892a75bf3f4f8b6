import Foundation
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

private enum BenchSettings {
    private static let environment = ProcessInfo.processInfo.environment
    static let isAsked = environment["GUILDHALL_BENCH_MATCHING"] != nil
    static let people = number("BENCH_PEOPLE", 100_000)
    static let companies = number("BENCH_COMPANIES", 20_000)
    /// How many lists are compared with the truth; none when 0.
    static let sample = number("BENCH_SAMPLE", 100)
    /// How many lists are timed.
    static let rounds = number("BENCH_ROUNDS", 300)
    /// The second market's noise, in percent.
    static let noise = number("BENCH_NOISE", 100)

    private static func number(_ name: String, _ initial: Int) -> Int {
        environment[name].flatMap { Int($0) } ?? initial
    }
}

/// What `bench/matching/run` runs: lists of ten against the truth of a made-up market, and how long a fresh list takes.
@Suite(.enabled(if: BenchSettings.isAsked)) struct MatchingBench {
    private static let seed: UInt64 = 20_261_130

    @Test func `lists of ten are nearly as good as they can be, and quick`() async throws {
        try await measure(atLeast: 0.9, isTimed: true) { names, near in
            HiddenMarket(
                people: BenchSettings.people, companies: BenchSettings.companies, skills: names, near: near,
                seed: Self.seed)
        }
    }

    /// Nothing was tuned for this truth, so there is no goal but to be better than what PostgreSQL does alone.
    @Test func `lists of ten are better than plain ones when the truth has another shape`() async throws {
        try await measure(atLeast: 0, isTimed: false) { names, near in
            LatentMarket(
                people: BenchSettings.people, companies: BenchSettings.companies, skills: names, near: near,
                noise: Double(BenchSettings.noise) / 100, seed: Self.seed)
        }
    }

    private func measure<Market: PlantedMarket>(
        atLeast goal: Double, isTimed: Bool, _ make: @Sendable @escaping ([String], NearSkills) -> Market
    ) async throws {
        try await TestDatabase.use(of: .talent) { database in
            let store = FeatureStore()
            let near = try await store.nearSkills(in: database)
            let names: [String] = try await database.all(
                "SELECT skill FROM near_skills UNION SELECT near FROM near_skills ORDER BY 1"
            ) { try $0.decode("skill") }
            let market = make(names, near)
            print(
                "market: \(Market.self), \(market.people.count) people, \(market.companies.count) companies, "
                    + "\(names.count) skills")
            try await fill(database, market)
            let clock = TestClock()
            let outbox = Outbox(database: database, clock: clock)
            let scorer = MatchScorer(near: near)
            let directory = MatchDirectory(database: database, features: store, scorer: scorer)
            let rematching = RematchWorkflow(
                database: database, features: store, directory: directory, runs: MatchRunStore(), scorer: scorer,
                outbox: outbox)
            let started = ContinuousClock.now
            try await directory.catchUp()
            print("index read in \(ContinuousClock.now - started)")
            if BenchSettings.sample > 0 { try await quality(market, rematching, database, atLeast: goal) }
            if isTimed { try await pace(market, rematching) }
        }
    }

    private func quality(
        _ market: some PlantedMarket, _ rematching: RematchWorkflow, _ database: Database, atLeast goal: Double
    ) async throws {
        let companies = Dictionary(uniqueKeysWithValues: market.companies.map { ($0.id, $0) })
        let people = Dictionary(uniqueKeysWithValues: market.people.map { ($0.id, $0) })
        var results: [String: [Double]] = [:]
        func note(_ name: String, _ found: [Double], _ best: Double) {
            results[name, default: []].append(market.gain(found) / best)
        }
        for person in market.people.prefix(BenchSettings.sample) {
            let truth = companies.mapValues { market.relevance(person, $0) }
            let best = market.gain(truth.values.sorted(by: >))
            let ours = try await rematching.scored(person.id, .person(person.shown)).prefix(10).map(\.other)
            note("person, ours", ours.compactMap { truth[$0] }, best)
            let words = person.shown.skills.map(\.key)
            let overlap = try await baseline("overlap", "client", words, database)
            note("person, skill overlap", overlap.compactMap { truth[$0] }, best)
            let ranked = try await baseline("ts_rank", "client", words, database)
            note("person, ts_rank", ranked.compactMap { truth[$0] }, best)
        }
        for (name, scorer) in [("taught", market.taught()), ("informed", market.informed())] {
            guard let scorer else { continue }
            for person in market.people.prefix(BenchSettings.sample) {
                let truth = companies.mapValues { market.relevance(person, $0) }
                let best = firstTen(market.companies) { scorer(person, $0) }
                note("person, \(name)", best.compactMap { truth[$0.id] }, market.gain(truth.values.sorted(by: >)))
            }
            for company in market.companies.prefix(BenchSettings.sample / 2) {
                let truth = people.mapValues { market.relevance($0, company) }
                let best = firstTen(market.people) { scorer($0, company) }
                note("company, \(name)", best.compactMap { truth[$0.id] }, market.gain(truth.values.sorted(by: >)))
            }
        }
        for company in market.companies.prefix(BenchSettings.sample / 2) {
            let truth = people.mapValues { market.relevance($0, company) }
            let best = market.gain(truth.values.sorted(by: >))
            let ours = try await rematching.scored(company.id, .company(company.shown)).prefix(10).map(\.other)
            note("company, ours", ours.compactMap { truth[$0] }, best)
            let words = Array(Set(company.shown.offers.flatMap(\.needs).map(\.key)))
            let overlap = try await baseline("overlap", "freelancer", words, database)
            note("company, skill overlap", overlap.compactMap { truth[$0] }, best)
            let ranked = try await baseline("ts_rank", "freelancer", words, database)
            note("company, ts_rank", ranked.compactMap { truth[$0] }, best)
        }
        let means = results.mapValues { $0.reduce(0, +) / Double($0.count) }
        for (name, mean) in means.sorted(by: { $0.key < $1.key }) {
            print("nDCG@10 \(name): \(String(format: "%.3f", mean))")
        }
        for side in ["person", "company"] {
            let ours = means["\(side), ours"] ?? 0
            // A scorer that knows what is hidden reaches 1. The others see what ours sees.
            let references =
                [("knows what is hidden", 1), ("was taught", means["\(side), taught"])]
                + [("knows the law", means["\(side), informed"])]
            for case (let name, let reached?) in references {
                let share = String(format: "%.2f", ours / reached)
                print("nDCG@10 \(side), ours to a scorer that \(name): \(share)")
            }
            #expect(ours >= goal)
            #expect(ours > means["\(side), skill overlap"] ?? 1)
            #expect(ours > means["\(side), ts_rank"] ?? 1)
        }
    }

    private func firstTen<One>(_ all: [One], by score: (One) -> Double) -> [One] {
        Array(all.map { ($0, score($0)) }.sorted { $0.1 > $1.1 }.prefix(10).map(\.0))
    }

    /// The first ten as PostgreSQL alone would find them.
    private func baseline(_ how: String, _ side: String, _ words: [String], _ database: Database) async throws
        -> [AccountID]
    {
        let order: SQL =
            how == "overlap"
            ? "(SELECT count(*) FROM unnest(skills) AS skill WHERE skill = ANY(\(words)))"
            : "ts_rank(words, query)"
        return try await database.all(
            """
            SELECT user_id
              FROM bench_words, CAST(\(words.map { "'\($0)'" }.joined(separator: " | ")) AS tsquery) AS query
             WHERE side = \(side) AND words @@ query
             ORDER BY \(fragment: order) DESC, user_id LIMIT 10
            """
        ) { try $0.decode("user_id") }
    }

    private func pace(_ market: some PlantedMarket, _ rematching: RematchWorkflow) async throws {
        var random = SeededGenerator(seed: 5)
        func times(_ work: () async throws -> Void) async throws -> [Duration] {
            var times: [Duration] = []
            for _ in 0..<BenchSettings.rounds {
                let start = ContinuousClock.now
                try await work()
                times.append(ContinuousClock.now - start)
            }
            return times.sorted()
        }
        func tell(_ name: String, _ times: [Duration]) {
            func at(_ share: Int) -> String {
                let time = times[min(times.count - 1, times.count * share / 100)]
                return String(format: "%.1f ms", time / .milliseconds(1))
            }
            print("\(name): p50 \(at(50)), p99 \(at(99))")
        }
        _ = try await times { _ = try await rematching.scored(market.people[0].id, .person(market.people[0].shown)) }
        tell(
            "matches of a person, read",
            try await times {
                let person = market.people[Int.random(in: market.people.indices, using: &random)]
                _ = try await rematching.scored(person.id, .person(person.shown))
            })
        tell(
            "matches of a company, read",
            try await times {
                let company = market.companies[Int.random(in: market.companies.indices, using: &random)]
                _ = try await rematching.scored(company.id, .company(company.shown))
            })
        tell(
            "first matches of a person, stored and told",
            try await times {
                let person = market.people[Int.random(in: market.people.indices, using: &random)]
                try await rematching.rematch(person.id, at: .start)
            })
        tell(
            "a person's matches worked out again",
            try await times {
                try await rematching.rematch(market.people[1].id, at: .start)
            })
    }

    // MARK: - The rows

    private struct Row: Encodable {
        let userID: AccountID
        let side: String
        let features: JSONValue
        let skills: [String]
    }

    private func fill(_ database: Database, _ market: some PlantedMarket) async throws {
        try await database.execute(
            "CREATE TABLE bench_words (user_id uuid, side text, skills text[], words tsvector)")
        for start in stride(from: 0, to: market.people.count, by: 1_000) {
            try await insert(
                market.people[start..<min(start + 1_000, market.people.count)].map { person in
                    Row(
                        userID: person.id, side: "freelancer",
                        features: .encoded(try JSONValue.encode(person.shown)), skills: person.shown.skills.map(\.key))
                }, database)
        }
        for start in stride(from: 0, to: market.companies.count, by: 1_000) {
            try await insert(
                market.companies[start..<min(start + 1_000, market.companies.count)].map { company in
                    Row(
                        userID: company.id, side: "client",
                        features: .encoded(try JSONValue.encode(company.shown)),
                        skills: company.shown.offers.flatMap(\.needs).map(\.key))
                }, database)
        }
        try await database.execute("CREATE INDEX ON bench_words USING gin (words)")
        try await database.execute("ANALYZE match_features")
        try await database.execute("ANALYZE bench_words")
    }

    private func insert(_ rows: [Row], _ database: Database) async throws {
        let text = String(decoding: try JSONValue.encode(rows), as: UTF8.self)
        try await database.execute(
            """
            WITH rows AS (
                SELECT * FROM json_to_recordset(\(text)::json)
                              AS row (user_id uuid, side text, features jsonb, skills text[])
            ), words AS (
                INSERT INTO bench_words (user_id, side, skills, words)
                SELECT user_id, side, skills, array_to_tsvector(ARRAY(SELECT DISTINCT unnest(skills))) FROM rows
            )
            INSERT INTO match_features (user_id, side, features, position)
            SELECT user_id, side, features, nextval('match_positions') FROM rows
            """)
    }
}
