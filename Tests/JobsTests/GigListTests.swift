import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import JobsService
@testable import SharedModels

extension Market {
    /// One page, its cursor read back from its text.
    func page(
        _ listing: GigListing = .active, by caller: AccountID? = nil, after cursor: PageCursor?, limit: Int
    ) async throws -> (gigs: [Gig], next: PageCursor?) {
        let page = try await gigs.page(of: listing, by: caller ?? stranger, after: cursor, limit: limit)
        return (try page.items.map { try Gig(row: $0.row) }, page.nextCursor.flatMap { PageCursor($0) })
    }

    /// All pages of a list, one after another.
    func pages(
        _ listing: GigListing = .active, by caller: AccountID? = nil, limit: Int,
        between: ([Gig]) async throws -> Void = { _ in }
    ) async throws -> [[Gig]] {
        var pages: [[Gig]] = []
        var cursor: PageCursor?
        repeat {
            let page = try await page(listing, by: caller, after: cursor, limit: limit)
            pages.append(page.gigs)
            cursor = page.next
            if cursor != nil { try await between(page.gigs) }
        } while cursor != nil
        return pages
    }

    /// `count` active gigs. Every three of them have the same time.
    func postMany(_ count: Int) async throws -> [Gig] {
        var gigs: [Gig] = []
        for number in 0..<count {
            if number % 3 == 0 { clock.advance(by: .microseconds(1)) }
            gigs.append(try await post(title: "Gig \(number)"))
        }
        return gigs
    }
}

extension [Gig] {
    /// In the order of lists: newest first, and by id where the time is the same.
    var newestFirst: Self { sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) } }
}

/// The promise under test: a list shows what the caller may see, each gig once, even while gigs change.
@Suite struct GigListTests {
    @Test func `a page of long gigs ends early, and the pages together have all, by time and by relevance`()
        async throws
    {
        try await Market.with { market in
            let text = Array(repeating: "compilers", count: 1900).joined(separator: " ")
            for number in 0..<70 {
                market.clock.advance(by: .microseconds(1))
                let input = GigInput(title: "Gig \(number)", description: text, scope: text, status: .active)
                _ = try await market.gigs.create(input, by: market.owner, at: market.clock.now)
            }
            let search = try GigSearch(words: "compilers", sort: .relevance)
            for pages in try await [market.pages(limit: 100), market.walk(search, limit: 100)] {
                #expect(pages.map(\.count).max() == 27)
                #expect(pages.flatMap(\.self).map(\.title) == (0..<70).reversed().map { "Gig \($0)" })
            }
        }
    }

    @Test func `active gigs are everybody's, drafts and closed ones one's own`() async throws {
        try await Market.with { market in
            var gigs: [GigStatus: [Gig]] = [:]
            for status in GigStatus.allCases {
                for owner in [market.owner, market.stranger] {
                    gigs[status, default: []].append(try await market.post(status, by: owner))
                }
            }
            for caller in [market.owner, market.stranger, market.worker] {
                for status in GigStatus.allCases {
                    let all = gigs[status, default: []].newestFirst
                    let visible = status == .active ? all : all.filter { $0.ownerID == caller }
                    let seen = try await market.page(GigListing(status), by: caller, after: nil, limit: 100)
                    #expect(seen.gigs == visible)
                    #expect(seen.next == nil)
                }
            }
        }
    }

    @Test func `a gig is in the list of its status and in no other`() async throws {
        try await Market.with { market in
            let gig = try await market.post(.draft)
            for status in [GigStatus.active, .closed, .draft, .active] {
                try await market.change(gig.id, GigUpdate(status: status))
                for list in GigStatus.allCases {
                    for listing in [GigListing(list), .own(list)] {
                        let seen = try await market.page(listing, by: market.owner, after: nil, limit: 10).gigs
                        #expect(seen.map(\.id) == (list == status ? [gig.id] : []))
                    }
                }
            }
        }
    }

    @Test(arguments: [1, 2, 3, 7, 22, 23, 24, 100])
    func `pages of any length show each gig once, newest first, also those of one moment`(limit: Int)
        async throws
    {
        try await Market.with { market in
            let gigs = try await market.postMany(23)
            let pages = try await market.pages(limit: limit)
            #expect(pages.flatMap(\.self) == gigs.newestFirst)
            #expect(pages.dropLast().allSatisfy { $0.count == limit })
            #expect(pages.last?.isEmpty == false)
            for gig in gigs { try await market.change(gig.id, GigUpdate(status: .closed)) }
            let closed = try await market.pages(.own(.closed), by: market.owner, limit: limit)
            #expect(closed.flatMap(\.self).map(\.id) == gigs.newestFirst.map(\.id))
        }
    }

    @Test func `a gig of a list is written as the gig itself is`() async throws {
        try await Market.with { market in
            for (title, scope) in [("Plain", nil), ("\"Quoted\"\n\u{1}", ""), ("fünf 🦔", "\\")] as [(String, String?)] {
                let gig = try await market.gigs.create(
                    GigInput(title: title, scope: scope, status: .active), by: market.owner, at: market.clock.now)
                market.clock.advance(by: .seconds(1))
                let listed = try #require(
                    try await market.gigs.page(of: .active, by: market.owner, after: nil, limit: 1).items.first)
                let written = try Encoded<GigView> { try listed.write(to: &$0, isDeleted: false) }
                #expect(written.bytes == Encoded<GigView>(gig).bytes)
            }
        }
    }

    @Test func `a list of nothing is one empty page`() async throws {
        try await Market.with { (market) async throws in
            #expect(try await market.pages(limit: 5) == [[]])
            #expect(try await market.pages(.own(.draft), by: market.owner, limit: 5) == [[]])
            #expect(try await market.pages(.own(nil), by: market.owner, limit: 5) == [[]])
        }
    }

    @Test func `one's own gigs are listed together in every status, or in one, and nobody else's among them`()
        async throws
    {
        try await Market.with { market in
            var gigs: [Gig] = []
            for number in 0..<9 {
                if number % 2 == 0 { market.clock.advance(by: .seconds(1)) }
                gigs.append(try await market.post(GigStatus.allCases[number % 3]))
                try await market.post(GigStatus.allCases[number % 3], by: market.stranger)
            }
            let all = try await market.pages(.own(nil), by: market.owner, limit: 2)
            #expect(all.flatMap(\.self) == gigs.newestFirst)
            for status in GigStatus.allCases {
                let seen = try await market.pages(.own(status), by: market.owner, limit: 2).flatMap(\.self)
                #expect(seen == gigs.filter { $0.status == status }.newestFirst)
            }
            #expect(try await market.pages(.own(nil), by: market.worker, limit: 2) == [[]])
        }
    }

    @Test func `what waits for an owner is drafts and active gigs with applicants to look at, however old they are`()
        async throws
    {
        try await Market.with { market in
            let old = try await market.post(.active, title: "Compiler work, old")
            market.clock.advance(by: .seconds(1))
            let draft = try await market.post(.draft)
            let closed = try await market.post(.active)
            for gig in [old, closed] { try await market.apply(to: gig.id) }
            try await market.change(closed.id, GigUpdate(status: .closed))
            for _ in 0..<3 {
                market.clock.advance(by: .seconds(1))
                try await market.application(.shortlisted)
                try await market.application(.rejected)
                try await market.post(.active)
                try await market.apply(to: market.post(.active, by: market.stranger).id)
            }
            #expect(try await market.pages(.waiting, by: market.owner, limit: 1) == [[draft], [old]])
            let found = try await market.walk(GigSearch(.waiting, words: "old"), by: market.owner, limit: 10)
            #expect(found.flatMap(\.self) == [old])
            #expect(try await market.pages(.waiting, by: market.worker, limit: 5) == [[]])
        }
    }

    @Test func `one's own gigs are read in their order from an index`() async throws {
        try await Market.with { market in
            try await market.database.execute(
                """
                INSERT INTO gigs (id, owner_id, title, status, version, created_at, updated_at)
                SELECT gen_random_uuid(), CASE WHEN n % 200 = 0 THEN \(market.owner) ELSE gen_random_uuid() END, 'Gig',
                       (ARRAY['active', 'draft', 'closed'])[1 + n % 3], 1, \(market.clock.now), \(market.clock.now)
                  FROM generate_series(1, 10000) AS n
                """)
            try await market.database.execute("ANALYZE gigs")
            let page = GigStore.ownPage(of: market.owner, in: nil, after: .newest, limit: 20)
            let plan = try await market.database.all("EXPLAIN \(fragment: page)") {
                try $0.decode("QUERY PLAN", as: String.self)
            }
            #expect(plan.contains { $0.contains("gigs_of_owner") }, "\(plan)")
            #expect(!plan.contains { $0.contains("Sort") }, "\(plan)")
            let waiting = GigStore.waitingPage(of: market.owner, after: .newest, limit: 20)
            let other = try await market.database.all("EXPLAIN \(fragment: waiting)") {
                try $0.decode("QUERY PLAN", as: String.self)
            }
            #expect(
                !other.contains { $0.contains("Seq Scan on gigs") || $0.contains("Seq Scan on applications") },
                "\(other)")
        }
    }

    @Test func `only who asks for its own active gigs gets them alone`() {
        #expect(GigListing(nil) == .active && GigListing(.active) == .active)
        #expect(GigListing(.draft) == .own(.draft) && GigListing(.closed) == .own(.closed))
        #expect(GigListing(nil, isOwn: true) == .own(nil))
        for status in GigStatus.allCases { #expect(GigListing(status, isOwn: true) == .own(status)) }
    }

    @Test func `a page has 1 to 100 gigs, and 50 when nothing is said`() throws {
        let limit = Parameter<Int>.limit
        #expect(try limit.value(of: nil) == 50)
        #expect(try limit.value(of: "1") == 1)
        #expect(try limit.value(of: "100") == 100)
        for text in ["0", "101", "-1", "", "x", "1.5", "+5", "007", " 5", "9223372036854775808"] {
            #expect(throws: InvalidParameter.self, "\(text)") { try limit.value(of: text) }
        }
    }

    @Test(arguments: ["", "x", "-", "1-", "zzzzzzzzzzzzzzz-0192f0c57a3e7c119d2b3f5e8a6c7d13", "1-0192"])
    func `what is no cursor is refused`(text: String) {
        #expect(throws: InvalidParameter.self) { try Parameter<PageCursor?>.cursor.value(of: text) }
    }

    @Test func `the longest page has a next one`() async throws {
        try await Market.with { market in
            let longest = try #require((1...1000).last { (try? Parameter<Int>.limit.check("\($0)")) != nil })
            try await market.database.execute(
                """
                INSERT INTO gigs (id, owner_id, title, status, version, created_at, updated_at)
                SELECT gen_random_uuid(), \(market.owner), 'Gig', 'active', 1, \(market.clock.now),
                       \(market.clock.now)
                  FROM generate_series(1, \(longest + 1))
                """)
            let pages = try await market.pages(limit: longest)
            #expect(pages.map(\.count) == [longest, 1])
            #expect(Set(pages.flatMap(\.self).map(\.id)).count == longest + 1)
        }
    }

    @Test(arguments: UInt64(1)...6)
    func `no gig that stays active is lost or repeated by what happens between two pages`(seed: UInt64)
        async throws
    {
        try await Market.with { market in
            var random = SeededGenerator(seed: seed)
            var gigs = try await market.postMany(30)
            let staying = Set(gigs.shuffled(using: &random).prefix(15).map(\.id))
            let pages = try await market.pages(limit: Int.random(in: 1...7, using: &random)) { page in
                market.clock.advance(by: .microseconds(Int.random(in: 0...2, using: &random)))
                gigs.append(try await market.post(title: "New"))
                // One of them is the last gig shown, which the cursor points to.
                let leaving = [page.last, gigs.randomElement(using: &random)].compactMap(\.self)
                for gig in leaving where !staying.contains(gig.id) {
                    do {
                        if Bool.random(using: &random) {
                            try await market.change(gig.id, GigUpdate(status: .closed))
                        } else {
                            try await market.delete(gig.id)
                        }
                    } catch GigError.notFound {
                        continue
                    }
                }
                if let renamed = staying.randomElement(using: &random) {
                    try await market.change(renamed, GigUpdate(title: "Renamed"))
                }
            }
            let seen = pages.flatMap(\.self)
            #expect(Set(seen.map(\.id)).count == seen.count, "a gig came twice")
            #expect(staying.isSubset(of: seen.map(\.id)), "a gig was lost")
            #expect(seen.map(\.id) == seen.newestFirst.map(\.id))
        }
    }

    @Test func `pages read while others post show each gig that was there once`() async throws {
        try await Market.with { market in
            let gigs = try await market.postMany(40)
            let walks = try await withThrowingTaskGroup(of: [[Gig]].self) { group in
                for writer in 0..<3 {
                    group.addTask {
                        for number in 0..<30 {
                            // At the time of the newest gig, and so on either side of it by its id.
                            try await market.post(title: "\(writer).\(number)")
                        }
                        return []
                    }
                }
                for limit in [3, 5, 8] {
                    group.addTask { try await market.pages(limit: limit) }
                }
                return try await group.reduce(into: []) { $0.append($1) }.filter { !$0.isEmpty }
            }
            #expect(walks.count == 3)
            for seen in walks.map({ $0.flatMap(\.self) }) {
                #expect(Set(seen.map(\.id)).count == seen.count)
                #expect(Set(gigs.map(\.id)).isSubset(of: seen.map(\.id)))
            }
        }
    }
}
