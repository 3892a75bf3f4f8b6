import SharedModels
import Testing

extension Journeys {
    /// Looking for work: by words, by rate and in any order, page by page.
    @Suite struct Search {
        private let stack: Stack
        /// A word that no other gig has.
        private let word = "quern\(UInt32.random(in: 0 ... .max))"

        init() throws { stack = try Stack.current() }

        private func post(_ title: String, _ rateCents: Int64?, by client: Account) async throws {
            try await client.session.succeed(
                Endpoints.gigs.create.operation, [:],
                [
                    "title": .string(title), "description": .string("All about a \(word)"), "status": "active",
                    "rate_cents": rateCents.map { .integer($0) } ?? .null,
                ])
        }

        /// The titles on all pages, two per page.
        private func titles(_ query: String = "", words: String = "", by caller: Caller) async throws -> [String] {
            var titles: [String] = []
            var cursor = ""
            repeat {
                let page = try await caller.succeed(
                    Endpoints.gigs.list.operation, query: "?q=\(word)\(words)&limit=2\(query)\(cursor)")
                titles += (page["gigs"]?.array ?? []).compactMap { $0["title"]?.string }
                cursor = page["next_cursor"]?.string.map { "&cursor=\($0)" } ?? ""
            } while !cursor.isEmpty
            return titles
        }

        @Test
        func `A freelancer finds gigs by a word, by rate and in each order, over several pages`() async throws {
            let client = try await stack.client()
            for (title, rate) in [("Low", 1_000), ("Open", nil), ("High", 9_000), ("Middle", 5_000)]
                as [(String, Int64?)]
            {
                try await post(title, rate, by: client)
            }
            let seeker = try await stack.freelancer().session
            #expect(try await titles(by: seeker) == ["Middle", "High", "Open", "Low"])
            #expect(try await titles("&sort=oldest", by: seeker) == ["Low", "Open", "High", "Middle"])
            #expect(try await titles("&sort=rate_asc", by: seeker) == ["Low", "Middle", "High", "Open"])
            #expect(try await titles("&sort=rate_desc", by: seeker) == ["High", "Middle", "Low", "Open"])
            #expect(try await titles("&min_rate_cents=5000&sort=rate_asc", by: seeker) == ["Middle", "High"])
            #expect(try await titles("&max_rate_cents=5000", by: seeker) == ["Middle", "Low"])
            try await post("Of a \(word)", nil, by: client)
            #expect(try await titles("&sort=relevance", by: seeker).first == "Of a \(word)")
            #expect(try await titles(words: "%20-of", by: seeker).count == 5, "of alone is no word to look for")
            #expect(try await titles(words: "%20-middle", by: seeker).count == 4)
            #expect(try await titles("&status=draft", by: client.session).isEmpty)
            #expect(try await titles("&owner=me", by: client.session).count == 5)
            #expect(try await titles("&owner=me", by: seeker).isEmpty)
        }

        @Test
        func `A client lists its own gigs in every status, or in one`() async throws {
            let client = try await stack.client()
            var ids: [String: String] = [:]
            for status in ["draft", "active", "closed"] {
                let gig = try await client.session.succeed(
                    Endpoints.gigs.create.operation, [:], ["title": "A gig", "status": .string(status)])
                ids[status] = gig["id"]?.string
            }
            func own(_ query: String = "", by caller: Caller) async throws -> [String] {
                let page = try await caller.succeed(Endpoints.gigs.list.operation, query: "?owner=me\(query)")
                return (page["gigs"]?.array ?? []).compactMap { $0["id"]?.string }
            }
            let all = ["closed", "active", "draft"].compactMap { ids[$0] }
            #expect(try await own(by: client.session) == all)
            for (status, id) in ids { #expect(try await own("&status=\(status)", by: client.session) == [id]) }
            #expect(try await own(by: stack.client().session).isEmpty)
            let worker = try await stack.freelancer().session
            let active = ["id": try #require(ids["active"])]
            try await worker.succeed(Endpoints.gigs.apply.operation, active, [:])
            for query in ["?owner=me&status=active", "?waiting_for=me&q=gig"] {
                let list = try await client.session.succeed(Endpoints.gigs.list.operation, query: query)
                let counts: JSONValue = [["gig_id": .string(active["id"] ?? ""), "total": 1, "undecided": 1]]
                #expect(list["application_counts"]?.array?.contains(counts.array?.first ?? .null) == true, "\(list)")
            }
            for caller in [client.session, worker] {
                let board = try await caller.succeed(Endpoints.gigs.list.operation)
                #expect(board["application_counts"]?.isNull == true, "everybody's gigs are counted")
            }
            let wrong = try await client.session.ask(
                Endpoints.gigs.list.operation, query: "?owner=\(client.id)")
            #expect(wrong.status == 400 && wrong.issuePaths == ["owner"], "\(wrong)")
        }

        @Test
        func `A cursor goes with the list that it came from, and with no other`() async throws {
            let client = try await stack.client()
            for number in 0..<3 { try await post("Gig \(number)", 1_000, by: client) }
            let seeker = try await stack.freelancer().session
            let found = try await seeker.succeed(Endpoints.gigs.list.operation, query: "?q=\(word)&limit=1")
            let plain = try await seeker.succeed(Endpoints.gigs.list.operation, query: "?limit=1")
            let foundCursor = try #require(found["next_cursor"]?.string)
            let plainCursor = try #require(plain["next_cursor"]?.string)
            let refused = [
                "?cursor=\(foundCursor)", "?q=\(word)&sort=oldest&cursor=\(foundCursor)",
                "?q=a\(word)&cursor=\(foundCursor)",
                "?q=\(word)&min_rate_cents=1&cursor=\(foundCursor)", "?q=\(word)&status=draft&cursor=\(foundCursor)",
                "?q=\(word)&cursor=\(plainCursor)", "?sort=oldest&cursor=\(plainCursor)", "?q=\(word)&cursor=nonsense",
            ]
            for query in refused {
                let answer = try await seeker.ask(Endpoints.gigs.list.operation, query: query)
                #expect(answer.status == 400 && answer.code == "VALIDATION_FAILED", "\(query): \(answer)")
                #expect(answer.issuePaths == ["cursor"], "\(query): \(answer)")
            }
        }

        @Test(arguments: [
            ("q=the", 200), ("q=%22", 200), ("q=%27%3B%20DROP%20TABLE%20gigs%3B%20--", 200),
            ("q=%26%7C%21%28%29%3A%2A", 200),
            ("q=-", 200), ("q=", 200), ("q", 200), ("q=%F0%9F%A6%86", 200), ("q=a%00b", 400), ("q=%00", 400),
            ("q=%ED%A0%80", 400),
            ("q=%FF", 400), ("q=%", 400), ("q=a&q=b", 400), ("q=\(String(repeating: "a", count: 201))", 400),
            ("q=\(String(repeating: "%22-", count: 1_500))", 400),
            ("sort=relevance", 400), ("sort=relevance&q=%20", 400), ("sort=best", 400), ("sort=", 400),
            ("min_rate_cents=2&max_rate_cents=1", 400), ("min_rate_cents=-1", 400), ("max_rate_cents=1.5", 400),
            ("max_rate_cents=9007199254740992", 400), ("min_rate_cents=", 400),
            ("min_rate_cents=1&max_rate_cents=1", 200),
        ])
        func `Whatever is looked for, the answer is a list or a 400 that names it`(query: String, status: Int)
            async throws
        {
            let answer = try await stack.client().session.ask(Endpoints.gigs.list.operation, query: "?\(query)")
            #expect(answer.status == status, "\(query): \(answer)")
            if status == 400 { #expect(answer.issuePaths == [String(query.prefix { $0 != "=" })], "\(answer)") }
        }
    }
}
