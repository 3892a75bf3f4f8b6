import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import JobsService
@testable import SharedModels

/// The promise under test: a search finds what it promises, in the promised order, and refuses contradictions.
@Suite struct GigSearchTests {
    @Test func `lists do not wait for searches that take long, and these come to their end`() async throws {
        try await Market.with { market in
            let gig = try await market.post(title: "Linker work")
            let (workflow, search) = (market.searches, try GigSearch(words: "linker"))
            let searches = try await market.database.transaction { tx in
                try await tx.execute("LOCK TABLE gig_words IN ACCESS EXCLUSIVE MODE")
                // Detached, because they do not belong to this transaction.
                let searches = (0..<6).map { _ in
                    Task.detached { try await workflow.find(search, by: market.worker, after: nil, limit: 10).items }
                }
                try await market.database.waitUntilBlocked(2)
                for _ in 0..<20 { #expect(try await market.page(after: nil, limit: 10).gigs.map(\.id) == [gig.id]) }
                return searches
            }
            for search in searches { #expect(try await search.value.map(\.id) == [gig.id]) }
        }
    }

    @Test func `a search that takes too long is given up`() async throws {
        try await Market.with { market in
            let workflow = GigSearchWorkflow(
                database: market.database, gigs: GigSearchStore(timeLimit: .milliseconds(100)))
            let search = try GigSearch(words: "linker")
            try await market.database.transaction { tx in
                try await tx.execute("LOCK TABLE gig_words IN ACCESS EXCLUSIVE MODE")
                let waiting = Task.detached {
                    try await workflow.find(search, by: market.worker, after: nil, limit: 10).items
                }
                let error = await #expect(throws: PostgresError.self) { try await waiting.value }
                guard case .server(let refusal)? = error else { throw NobodyRefused() }
                #expect(refusal.sqlState == .queryCancelled)
            }
        }
    }

    @Test func `words are found in title, description and scope, in any form, all of them`() async throws {
        try await Market.with { market in
            let title = try await market.add("Compilers for a small language")
            let description = try await market.add("One", description: "We're compiling a language of our own")
            let scope = try await market.add("Two", scope: "The compiler's language tests")
            let other = try await market.add("A logo for a language school")
            let all = [scope, description, title].map(\.title)
            #expect(try await market.titles("compiler") == all)
            #expect(try await market.titles("COMPILER language") == all)
            #expect(try await market.titles("compiler school").isEmpty)
            #expect(try await market.titles("compiler or school") == [other.title] + all)
            #expect(try await market.titles("language -compiler") == [other.title])
            #expect(try await market.titles("\"small language\"") == [title.title])
            #expect(try await market.titles("\"language small\"").isEmpty)
        }
    }

    @Test func `a search follows the texts of a gig, and forgets a deleted one`() async throws {
        try await Market.with { market in
            let gig = try await market.add("Linker", description: "Fast")
            try await market.change(gig.id, GigUpdate(title: "Loader", scope: .set("Dynamic")))
            #expect(try await market.titles("linker").isEmpty)
            #expect(try await market.titles("loader fast dynamic") == ["Loader"])
            try await market.change(gig.id, GigUpdate(description: .clear))
            #expect(try await market.titles("fast").isEmpty)
            #expect(try await market.titles("loader dynamic") == ["Loader"])
            try await market.delete(gig.id)
            #expect(try await market.titles("loader").isEmpty)
            #expect(try await market.countOfWords() == 0)
        }
    }

    @Test func `a search shows nobody what a list would not`() async throws {
        try await Market.with { market in
            for status in GigStatus.allCases {
                for owner in [market.owner, market.stranger] {
                    try await market.post(status, title: "Compiler", rateCents: 100, by: owner)
                }
            }
            for sort in GigSort.allCases {
                for status in GigStatus.allCases {
                    let search = try GigSearch(GigListing(status), words: "compiler", sort: sort)
                    for caller in [market.owner, market.stranger, market.worker] {
                        let found = try await market.walk(search, by: caller, limit: 10).flatMap(\.self)
                        let visible = status == .active ? 2 : caller == market.worker ? 0 : 1
                        #expect(found.count == visible && found.allSatisfy { $0.isVisible(to: caller) })
                        let own = try GigSearch(.own(status), words: "compiler", sort: sort)
                        let mine = try await market.walk(own, by: caller, limit: 10).flatMap(\.self)
                        #expect(mine.map(\.ownerID) == (caller == market.worker ? [] : [caller]))
                    }
                }
            }
        }
    }

    @Test func `the more a gig is about the words the earlier it comes, a title before the rest`() async throws {
        try await Market.with { market in
            let long = String(repeating: "and much else that has to be done besides ", count: 40)
            try await market.add("All sorts", description: long + "compiler")
            try await market.add("Compiler")
            try await market.add("Small", description: "A compiler")
            try await market.add("A logo")
            let search = try GigSearch(words: "compiler", sort: .relevance)
            let found = try await market.walk(search, limit: 2)
            #expect(found.flatMap(\.self).map(\.title) == ["Compiler", "Small", "All sorts"])
        }
    }

    @Test func `only gigs with a rate in the bounds are found`() async throws {
        try await Market.with { market in
            for rate in [nil, 0, 100, 200, 300] as [Int64?] { try await market.add("Gig", rateCents: rate) }
            let bounds: [(Int64?, Int64?, [Int64])] = [
                (0, nil, [300, 200, 100, 0]), (nil, 0, [0]), (100, 200, [200, 100]), (200, 200, [200]),
                (301, nil, []), (101, 199, []), (nil, 9_007_199_254_740_991, [300, 200, 100, 0]),
            ]
            for (least, most, rates) in bounds {
                for sort in [GigSort.newest, .oldest, .cheapest, .dearest] {
                    let search = try GigSearch(
                        minimumRate: least.map(Money.usd(cents:)), maximumRate: most.map(Money.usd(cents:)), sort: sort)
                    let found = try await market.walk(search, limit: 3).flatMap(\.self).map(\.rate?.minorUnits)
                    let isDown = sort == .newest || sort == .dearest
                    #expect(found == (isDown ? rates : rates.reversed()), "\(search)")
                }
            }
        }
    }

    @Test func `only a search that says nothing is the plain list`() throws {
        for words in [nil, "", " ", "\t\n\u{A0}"] { #expect(try GigSearch(words: words).isPlain) }
        #expect(try GigSearch(.own(.draft), sort: .newest).isPlain)
        #expect(try !GigSearch(words: "a").isPlain)
        #expect(try !GigSearch(minimumRate: .usd(cents: 0)).isPlain)
        #expect(try !GigSearch(maximumRate: .usd(cents: 0)).isPlain)
        #expect(try !GigSearch(sort: .oldest).isPlain)
    }

    @Test func `parameters that contradict each other are refused by name`() throws {
        #expect(refusal { try GigSearch(minimumRate: .usd(cents: 2), maximumRate: .usd(cents: 1)) } == "min_rate_cents")
        #expect(try GigSearch(minimumRate: .usd(cents: 2), maximumRate: .usd(cents: 2)).hasRateLimits)
        for words in [nil, "", "  "] {
            #expect(refusal { try GigSearch(words: words, sort: .relevance) } == "sort")
        }
    }

    @Test func `a cursor of another list is refused by name`() async throws {
        try await Market.with { market in
            for number in 0..<4 { try await market.add("Compiler \(number)", rateCents: 100) }
            var searches = try [
                GigSearch(words: "compiler", minimumRate: .usd(cents: 1)), GigSearch(words: "compiler"),
                GigSearch(words: "compilers", minimumRate: .usd(cents: 1)), GigSearch(minimumRate: .usd(cents: 1)),
                GigSearch(words: "compiler", minimumRate: .usd(cents: 2)),
                GigSearch(words: "compiler", maximumRate: .usd(cents: 100)),
                GigSearch(minimumRate: .usd(cents: 1), maximumRate: .usd(cents: 100)),
            ]
            for sort in GigSort.allCases where sort != .newest {
                searches.append(try GigSearch(words: "compiler", minimumRate: .usd(cents: 1), sort: sort))
            }
            #expect(Set(searches.map(\.fingerprint)).count == searches.count)
            let gig = try #require(
                try await market.gigs.page(of: .active, by: market.owner, after: nil, limit: 1).items.first)
            let plain = GigCursor(search: nil, key: nil, place: try gig.place)
            let refusal = Refusal.validation("cursor", "belongs to a list with other filters or another sort")
            for search in searches {
                let next = try await market.page(of: search, after: nil).nextCursor
                let cursor = try #require(next.flatMap { GigCursor($0) })
                #expect(try await !market.page(of: search, after: cursor).items.isEmpty)
                for other in searches where other != search {
                    await #expect(throws: refusal) { _ = try await market.page(of: other, after: cursor) }
                }
                await #expect(throws: refusal) { _ = try await market.page(of: search, after: plain) }
                // The plain list does not take it either.
                #expect(throws: InvalidParameter.self) { try Parameter<PageCursor?>.cursor.value(of: next) }
            }
        }
    }

    @Test func `no words make a search fail`() async throws {
        try await Market.with { market in
            try await market.add("Compiler: it's \"fast\" & safe | a:* <-> !b \\ ('x')")
            let texts =
                [
                    "the", "the and of", "\"", "\"\"\"", "'", "''", "\\", "\\'", "&", "|", "!", "!!", "(", ")", "()",
                    "<->",
                    "<2>", ":*", "a:*", "a:ABCD", "-", "--", "- -", "-the", "-\"the\"", "or", "or or", "OR compiler",
                    "\" or -\"", "%", "_", "$1", ";", "'; DROP TABLE gigs; --", "http://example.com/a?b=c&d",
                    "a@b.example", "1e999", "-1.5e-7", "<b>bold</b>", "&amp;", "🦆", "e\u{301}", "日本語",
                    "\u{FFFD}\u{FFFE}\u{202E}\u{200B}", "\u{1}\u{7F}", "\u{10FFFF}",
                ]
                + ["a", "\u{10348}", "-a ", "\"a", "or ", "a-", "("].map {
                    String(String(repeating: $0, count: 200).unicodeScalars.prefix(200))
                }
            for text in texts {
                let words = try GigSearchParameters.words.value(of: text)
                for sort in GigSort.allCases {
                    _ = try await market.walk(GigSearch(words: words, sort: sort), limit: 1)
                }
            }
            #expect(try await market.titles("the").isEmpty)
            #expect(try await market.titles("fast safe").count == 1)
        }
    }

    @Test(arguments: ["\0", "a\0b", String(repeating: "a", count: 201), String(repeating: "a", count: 10_240)])
    func `words that nobody could look for are refused by name`(text: String) {
        let error = #expect(throws: InvalidParameter.self) { try GigSearchParameters.words.value(of: text) }
        #expect(error?.issue.path == "q")
    }

    @Test(arguments: ["word ", "a-b-c-", "x1.y/", "\u{10348}\u{10349} ", "\u{10348}", "<a b='c'>", "é\u{301}"])
    func `the longest gig can be posted, whatever is written in it`(piece: String) async throws {
        try await Market.with { market in
            let texts = [1, 2].map { text in
                let pieces = (0..<20_000).map { "\($0 % 997)\(text)\(piece)" }
                return String(pieces.joined().unicodeScalars.prefix(20_000))
            }
            let gig = try await market.add("Findable", description: texts[0], scope: texts[1])
            #expect(try await market.titles("findable") == [gig.title])
            try await market.change(gig.id, GigUpdate(description: .set(texts[1]), scope: .set(texts[0])))
            #expect(try await market.titles("findable") == [gig.title])
        }
    }

    @Test func `lists of the same words are told apart by whose gigs they show, and in which status`() throws {
        let listings = [GigListing.active, .own(nil)] + GigStatus.allCases.map { .own($0) }
        let fingerprints = try listings.map { try GigSearch($0, words: "compiler").fingerprint }
        #expect(Set(fingerprints).count == listings.count)
    }

    private func refusal(_ body: () throws -> GigSearch) -> String? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? Refusal)?.issues.first?.path
        }
    }
}

extension Market {
    /// A busy machine may take minutes.
    var searches: GigSearchWorkflow {
        GigSearchWorkflow(database: database, gigs: GigSearchStore(timeLimit: .seconds(170)))
    }

    /// An active gig, newer than all others.
    @discardableResult
    func add(
        _ title: String, description: String? = nil, scope: String? = nil, rateCents: Int64? = nil
    ) async throws -> Gig {
        clock.advance(by: .microseconds(1))
        return try await gigs.create(
            GigInput(title: title, description: description, scope: scope, rateCents: rateCents, status: .active),
            by: owner, at: clock.now)
    }

    /// All pages of a search, each cursor read back from its text.
    func walk(
        _ search: GigSearch, by caller: AccountID? = nil, limit: Int,
        between: ([Gig]) async throws -> Void = { _ in }
    ) async throws -> [[Gig]] {
        var pages: [[Gig]] = []
        var cursor: GigCursor?
        repeat {
            let page = try await searches.find(search, by: caller ?? worker, after: cursor, limit: limit)
            pages.append(page.items)
            cursor = try GigSearchParameters.cursor.value(of: page.nextCursor)
            if cursor != nil { try await between(page.items) }
        } while cursor != nil
        return pages
    }

    func page(of search: GigSearch, after cursor: GigCursor?) async throws -> Page<Gig> {
        try await searches.find(search, by: worker, after: cursor, limit: 2)
    }

    /// The titles of the active gigs that have these words, newest first.
    func titles(_ words: String) async throws -> [String] {
        try await walk(GigSearch(words: words, sort: .newest), limit: 100).flatMap(\.self).map(\.title)
    }

    func countOfWords() async throws -> Int {
        try await database.one("SELECT count(*) AS count FROM gig_words") { try $0.decode("count") }
    }
}

private struct NobodyRefused: Error {}
