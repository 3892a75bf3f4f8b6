import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import JobsService
@testable import SharedModels

/// The promise under test: a technical term is found whole and by each of its parts, in every spelling. The time grows
/// in proportion to the text.
@Suite struct GigWordTests {
    /// A text, what finds it, and what does not.
    struct Sample: Sendable {
        let text: String
        let found: [String]
        var missed: [String] = []
    }

    static let samples = [
        Sample(
            text: "React/Vue developer",
            found: ["vue", "react", "React/Vue", "vue/react", "\"react vue\"", "developers"],
            missed: ["angular", "reac", "react/svelte"]),
        Sample(text: "React and Vue", found: ["react/vue"]),
        Sample(text: "C++ expert", found: ["C++", "c++", "cplusplus"], missed: ["C#", "C", "plus"]),
        Sample(text: "C/C++17", found: ["C", "C++", "c++17", "C/C++"], missed: ["c++20"]),
        Sample(text: "C# and F#", found: ["C#", "f#", "csharp"], missed: ["C++", "J#"]),
        Sample(text: ".NET Core", found: [".NET", "net", "dotnet"]),
        Sample(text: "ASP.NET", found: [".net", "asp.net", "asp"]),
        Sample(text: "A neural net", found: ["net"], missed: [".NET"]),
        Sample(text: "Node.js", found: ["node", "js", "Node.js", "nodejs", "NodeJS", "node js"]),
        Sample(text: "NodeJS", found: ["node.js"]),
        Sample(text: "CI/CD", found: ["ci", "cd", "CI/CD", "cicd", "CD/CI"], missed: ["ci/sd"]),
        Sample(
            text: "Python3.12", found: ["python", "python3", "3.12", "Python3.12", "python 3.12"],
            missed: ["3.11", "python2"]),
        Sample(text: "Python 3.12", found: ["Python3.12"]),
        Sample(
            text: "See https://shop.example.com/path?id=7.",
            found: ["https://shop.example.com/path?id=7", "example.com", "shop", "path", "7"], missed: ["example.org"]),
        Sample(
            text: "Mail jane.doe+jobs@example.com", found: ["jane.doe+jobs@example.com", "jane", "doe", "example.com"],
            missed: ["john"]),
        Sample(text: "Full-stack e-commerce", found: ["full-stack", "fullstack", "stack", "ecommerce", "e-commerce"]),
        Sample(text: "fullstack", found: ["full-stack"]),
        Sample(text: "full\u{2011}stack", found: ["full-stack", "stack"]),
        Sample(text: "Résumé of a CAFÉ", found: ["resume", "résumé", "re\u{301}sume\u{301}", "café", "cafe"]),
        Sample(text: "Cafe\u{301}", found: ["café"]),
        Sample(text: "Разработчик баз данных", found: ["разработчик", "РАЗРАБОТЧИК"], missed: ["дизайнер"]),
        Sample(text: "日本語のエンジニア", found: ["日本語", "日本", "エンジニア"], missed: ["本日", "中国"]),
        Sample(text: "엔지니어를 찾습니다", found: ["엔지니어"]),
        Sample(text: "हिन्दी अनुवादक", found: ["हिन्दी"], missed: ["मराठी"]),
        Sample(text: "مطور برامج", found: ["مطور"]),
        Sample(text: "T-SQL", found: ["t-sql", "tsql", "sql"]),
        Sample(text: "SQL", found: ["sql"], missed: ["t-sql", "pl/sql"]),
        Sample(text: "O\u{2019}Reilly and L'Oréal", found: ["o'reilly", "loreal", "oreal"]),
        Sample(text: "k8s, S3, i18n", found: ["k8s", "s3", "i18n"], missed: ["k8", "s4"]),
        Sample(text: "3 people", found: ["3"], missed: ["s3", "web3"]),
        Sample(text: "R&D at AT&T", found: ["r&d", "att", "AT&T"]),
        Sample(text: "snake_case over UTF-8", found: ["snake", "snake_case", "utf8", "utf-8"]),
        Sample(text: "A small language", found: ["“small language”", "small -large"], missed: ["-small language"]),
    ]

    @Test func `a word of the trade is found whole and by its parts, and nothing else`() async throws {
        try await Market.with { market in
            for sample in Self.samples {
                let gig = try await market.add(sample.text)
                for words in sample.found { #expect(try await market.titles(words) == [sample.text], "\(words)") }
                for words in sample.missed {
                    #expect(try await market.titles(words).isEmpty, "\(words) in \(sample.text)")
                }
                try await market.delete(gig.id)
            }
        }
    }

    @Test func `a gig is found by words of its title that stand in a description of another`() async throws {
        try await Market.with { market in
            try await market.add("Rewrite", description: "Move from Angular to React/Vue")
            try await market.add("React/Vue developer")
            let search = try GigSearch(words: "vue", sort: .relevance)
            let found = try await market.walk(search, limit: 10).flatMap(\.self).map(\.title)
            #expect(found == ["React/Vue developer", "Rewrite"])
        }
    }

    @Test func `a text made to be slow costs as little as any`() async throws {
        let pieces = [
            "a-1-", "a/", "a.b@c", "a++", "c# ", "x_", ".net", "ab1", "日1", "\u{FDFA}", "\u{1D164}", "-", "'",
            "\u{323}\u{301}", "\u{5B0}\u{591}", "\u{301}\u{345}",
        ]
        try await Market.with { market in
            for piece in pieces {
                let long = String(String(repeating: piece, count: 20_000).unicodeScalars.prefix(20_000))
                let short = String(long.unicodeScalars.prefix(2_500))
                try await market.database.transaction { tx in
                    let excess = try await tx.excess {
                        for _ in 0..<8 { try await tx.execute("SELECT indexed_words(\(short + " " + short))") }
                    } whole: {
                        try await tx.execute("SELECT indexed_words(\(long + " " + long))")
                    }
                    #expect(excess == nil, "\(piece)")
                    try await tx.execute("SELECT sought_words(\(String(long.unicodeScalars.prefix(200))))")
                }
            }
        }
    }

    /// Sixty words of two letters, so that a search takes all of them.
    private static let manyWords = (0..<60).map { "z\(UnicodeScalar(98 + UInt8($0 / 3)))\($0 % 3)" }

    @Test func `words that are repeated without end are weighed as quickly as any`() async throws {
        try await Market.with { market in
            let text = Array(repeating: Self.manyWords.joined(separator: " "), count: 80).joined(separator: " ")
            for number in 0..<20 { try await market.add("Gig \(number)", description: text) }
            let search = try GigSearch(words: Self.manyWords.prefix(48).joined(separator: " "), sort: .relevance)
            // The 3 s that a search may take are a fraction of what these took when every place was weighed.
            #expect(try await market.walk(search, limit: 20).flatMap(\.self).count == 20)
        }
    }

    @Test func `a gig is found by a phrase far behind, and not before others for repeating its words`() async throws {
        try await Market.with { market in
            let stuffed = String(repeating: "haskell compiler and ", count: 40) + "haskell parsers"
            try await market.add("Stuffed", description: stuffed)
            try await market.add("Haskell parsers")
            #expect(try await Set(market.titles("\"haskell parsers\"")) == ["Stuffed", "Haskell parsers"])
            let search = try GigSearch(words: "haskell", sort: .relevance)
            let found = try await market.walk(search, limit: 10).flatMap(\.self).map(\.title)
            #expect(found == ["Haskell parsers", "Stuffed"])
        }
    }

    @Test func `a rare word is looked up in the index, not in all gigs`() async throws {
        try await Market.with { market in
            try await market.fill(5000)
            try await market.add("React/Vue developer")
            // As autovacuum leaves them: the index merged, the pages known to be visible, the statistics fresh.
            for table: SQL in ["gigs", "gig_words"] {
                try await market.database.execute("VACUUM (ANALYZE) \(fragment: table)")
            }
            for sort in GigSort.allCases {
                let read = try await market.readGigs(for: GigSearch(words: "React/Vue", sort: sort))
                #expect(read.scansOfWords > 0 && read.scansOfTable == 0, "\(sort)")
            }
        }
    }

    @Test func `gigs with words in the old form are renewed in batches`() async throws {
        try await Market.with { market in
            for number in 0..<7 { try await market.add("React/Vue developer \(number)") }
            try await market.database.execute(
                "UPDATE gig_words SET form = 1, words = to_tsvector('english', 'React/Vue developer')")
            #expect(try await market.titles("vue").isEmpty)
            #expect(try await market.titles("developer").count == 7)
            var renewal = GigWordRenewal(database: market.database, clock: market.clock)
            renewal.batch = 3
            var renewed: [Int] = []
            repeat { renewed.append(try await renewal.renew()) } while renewed.last == renewal.batch
            #expect(renewed == [3, 3, 1])
            #expect(try await market.titles("vue").count == 7)
            #expect(try await renewal.renew() == 0)
        }
    }

    @Test func `a gig that changes has its words in the new form at once`() async throws {
        try await Market.with { market in
            let gig = try await market.add("Old")
            try await market.database.execute("UPDATE gig_words SET form = 1")
            try await market.change(gig.id, GigUpdate(title: "Node.js"))
            #expect(try await market.titles("nodejs") == ["Node.js"])
            #expect(try await GigWordRenewal(database: market.database, clock: market.clock).renew() == 0)
        }
    }
}

extension Market {
    /// Active gigs without a word about Vue, 1.7 kB each, as people write them. A table of short gigs is read whole for
    /// less than a few looks into an index cost.
    fileprivate func fill(_ count: Int) async throws {
        // In parts, none of which takes nearly as long as a statement may.
        for start in stride(from: 1, through: count, by: 1000) {
            try await database.execute(
                """
                INSERT INTO gigs (id, owner_id, title, description, status, created_at, updated_at)
                SELECT gen_random_uuid(), \(owner), 'Go developer ' || number,
                       repeat('Work on word' || number || ' and the services around it. ', 34), 'active',
                       \(clock.now), \(clock.now)
                  FROM generate_series(\(start), \(min(count, start + 999))) AS number
                """
            )
        }
    }

    /// What one search reads, as PostgreSQL counts it.
    fileprivate func readGigs(for search: GigSearch) async throws -> (scansOfWords: Int64, scansOfTable: Int64) {
        let store = GigSearchStore(timeLimit: .seconds(170))
        return try await database.transaction { tx in
            try await store.prepare(in: tx)
            switch search.sort {
            case .newest, .oldest: _ = try await store.byTime(search, for: worker, after: nil, limit: 10, in: tx)
            case .cheapest, .dearest: _ = try await store.rated(search, for: worker, after: nil, limit: 10, in: tx)
            case .relevance: _ = try await store.byRelevance(search, for: worker, after: nil, limit: 10, in: tx)
            }
            return try await tx.one(
                """
                SELECT pg_stat_get_xact_numscans('gig_words_by_word'::regclass) AS words,
                       pg_stat_get_xact_numscans('gig_words'::regclass)
                           + pg_stat_get_xact_numscans('gigs'::regclass) AS scans
                """
            ) { (try $0.decode("words"), try $0.decode("scans")) }
        }
    }
}
