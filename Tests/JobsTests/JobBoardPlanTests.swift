import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import JobsService
@testable import SharedModels

/// The promise under test: no list of jobs and no number of them goes through the whole table.
@Suite struct JobBoardPlanTests {
    @Test func `lists and numbers are read from indexes, among many jobs and gigs`() async throws {
        try await Market.with { market in
            let categories = try await fill(market)
            let client = market.owner
            var searches: [JobSearch] = []
            for sort in JobSort.allCases {
                searches.append(try JobSearch(sort: sort))
                searches.append(try JobSearch(filter: .category(categories[0]), sort: sort))
                searches.append(try JobSearch(words: "rarest", sort: sort))
                searches.append(try JobSearch(words: "rar", sort: sort))
                searches.append(try JobSearch(of: client, sort: sort))
            }
            searches.append(try JobSearch(filter: .level(.expert)))
            searches.append(try JobSearch(of: client, filter: .status(.closed)))
            for search in searches {
                for page in [1, 20] {
                    let plan = try await plan(
                        JobBoardStore.listing(search, by: .words, PageNumber(number: page, limit: 100)), in: market)
                    expectIndexes(plan, of: search)
                }
                expectIndexes(try await plan(JobBoardStore.counting(search, by: .words), in: market), of: search)
            }
        }
    }

    @Test func `a page of the board is skipped to through its index, without sorting`() async throws {
        try await Market.with { market in
            let categories = try await fill(market)
            let (level, category) = (JobFilter.level(.expert), JobFilter.category(categories[0]))
            // The page, of 100, is near the end of what there is.
            for (filter, times, rates, page) in [
                (nil, "jobs_open", "jobs_open_by_rate", 150), (.status(.open), "jobs_open", "jobs_open_by_rate", 150),
                (level, "jobs_open_by_level", "jobs_open_by_level_and_rate", 50),
                (category, "jobs_open_by_category", "jobs_open_by_category_and_rate", 3),
            ] as [(JobFilter?, String, String, Int)] {
                for sort in JobSort.allCases {
                    let index = [.dateNew, .dateOld].contains(sort) ? times : rates
                    for number in [1, page] {
                        let plan = try await plan(
                            JobBoardStore.listing(
                                JobSearch(filter: filter, sort: sort), by: .list,
                                PageNumber(number: number, limit: 100)), in: market)
                        let isSkipped = plan.contains {
                            $0.contains("Index Only Scan") && $0.contains("using \(index) ")
                        }
                        #expect(isSkipped, "\(String(describing: filter)) \(sort) \(number): \(plan)")
                    }
                }
            }
        }
    }

    @Test func `rare words are read from their index, frequent ones and short lists along the board`() async throws {
        try await Market.with { market in
            let categories = try await fill(market)
            let board = JobBoardStore()
            for (words, filter, way) in [
                ("rarest", nil, .words), ("rar", nil, .words), ("frequent", nil, .list), ("freq", nil, .list),
                ("rarest", .category(categories[0]), .list), ("nowhere", .level(.expert), .words),
            ] as [(String, JobFilter?, JobBoardStore.Way)] {
                let search = try JobSearch(words: words, filter: filter)
                let chosen = try await market.database.transaction { tx in try await board.way(of: search, in: tx) }
                #expect(chosen == way, "\(words) \(String(describing: filter))")
                let counts = try await market.database.transaction { tx in
                    [
                        try await board.count(search, by: .words, in: tx),
                        try await board.count(search, by: .list, in: tx),
                    ]
                }
                #expect(counts[0] == counts[1])
                let page = PageNumber(number: 1, limit: 20)
                let lists = try await market.database.transaction { tx in
                    [
                        try await board.page(search, by: .words, page, in: tx).map(\.id),
                        try await board.page(search, by: .list, page, in: tx).map(\.id),
                    ]
                }
                #expect(lists[0] == lists[1])
            }
        }
    }

    /// A search reads the index of words. What it finds is joined with the jobs in the way that their number suggests.
    private func expectIndexes(_ plan: [String], of search: JobSearch) {
        if search.words == nil {
            #expect(!plan.contains { $0.contains("Seq Scan on gig") }, "\(search): \(plan)")
        } else {
            #expect(plan.contains { $0.contains("Index Scan on job_words_by_word") }, "\(search): \(plan)")
        }
    }

    private func plan(_ statement: SQL, in market: Market) async throws -> [String] {
        try await market.database.transaction { tx in
            try await JobBoardStore().prepare(in: tx)
            return try await tx.all("EXPLAIN \(fragment: statement)") { try $0.decode("QUERY PLAN", as: String.self) }
        }
    }

    /// 20,000 gigs and 20,000 jobs in 50 categories.
    private func fill(_ market: Market) async throws -> [CategoryID] {
        var categories: [CategoryID] = []
        for number in 0..<50 {
            categories.append(try await market.categories.add("Category \(number)", at: market.clock.now).id)
        }
        // Thousands of words take long to index, and most of these have none.
        try await market.database.execute("ALTER TABLE gigs DISABLE TRIGGER write_words")
        try await market.database.execute(
            """
            INSERT INTO gigs (id, owner_id, title, status, version, created_at, updated_at)
            SELECT gen_random_uuid(), gen_random_uuid(), 'Gig', 'active', 1, moment, moment
              FROM (SELECT \(market.clock.now)::timestamptz + n * interval '1 s' AS moment
                      FROM generate_series(1, 20000) AS n) AS times
            """)
        try await market.database.execute(
            """
            INSERT INTO gigs
                (flow, id, owner_id, title, description, rate_cents, experience_level, location, category_id, skill_ids,
                 applicants, job_status, status, version, created_at, updated_at)
            SELECT 'escrow_checkout', gen_random_uuid(),
                   CASE WHEN n % 500 = 0 THEN \(market.owner) ELSE gen_random_uuid() END, 'Job', 'All of it', 50 + n % 5000,
                   (ARRAY['Beginner', 'Intermediate', 'Expert'])[1 + n % 3], 'Pune',
                   (\(categories))[1 + n % 50], '{}', 0, CASE n % 7 WHEN 0 THEN 'Closed' ELSE 'Open' END,
                   CASE n % 7 WHEN 0 THEN 'closed' ELSE 'active' END, 1, moment, moment
              FROM (SELECT n, \(market.clock.now)::timestamptz + n * interval '1 s' AS moment
                      FROM generate_series(1, 20000) AS n) AS times
            """)
        try await market.database.execute(
            """
            INSERT INTO gig_words (gig_id, words, form, flow)
            SELECT id, to_tsvector('english', CASE WHEN random() < 0.001 THEN 'rarest word' ELSE 'frequent word' END), 3, flow
              FROM gigs
            """)
        for table: SQL in ["gigs", "gig_words", "open_jobs"] {
            try await market.database.execute("VACUUM (ANALYZE) \(fragment: table)")
        }
        return categories
    }
}
