import Postgres
import SharedModels

/// The lists of jobs and their numbers, from the rows of the table `gigs` with the flow `escrow_checkout`.
///
/// Measured with a million open jobs: 0.2 ms for a page at the top of the board, of one level or category as well and by
/// rate, 0.4 s at the 900,000th job, as the index alone is skipped through; 0.3 s to count what a search finds, 0.1 ms to
/// count the board.
struct JobBoardStore: Sendable {
    /// How long a list may take, in milliseconds.
    private static let limit = 3000
    /// As far as a search, or a list of one's own, is counted.
    static let longestCount = 10_000

    /// Sets the time limit for the lists of a transaction, and has each planned for its actual words and page.
    func prepare(in tx: Transaction) async throws {
        try await tx.execute(
            """
            SELECT set_config('statement_timeout', \("\(Self.limit)"), true),
                   set_config('plan_cache_mode', 'force_custom_plan', true)
            """)
    }

    /// How the jobs with some words are found.
    enum Way: Sendable {
        /// From the index of words. All that have them are read.
        case words
        /// Along the list, in its order, until there are enough.
        case list
    }

    /// So many jobs at the top of a list show how frequent words are in it.
    private static let sample = 1000

    /// PostgreSQL cannot tell how many jobs have a word of which the beginning is typed, so a look at the list tells:
    /// words that three in ten have are soon found along it, and so is whatever a short list has.
    func way(of search: JobSearch, in executor: some SQLExecutor) async throws -> Way {
        guard search.client == nil, let words = search.words else { return .list }
        let (passed, found): (Int, Int) = try await executor.one(
            """
            SELECT count(*) AS passed, count(is_found) AS found
              FROM (SELECT gigs.id FROM gigs WHERE \(fragment: Self.chosen(by: search))
                     ORDER BY gigs.created_at DESC, gigs.id DESC LIMIT \(Self.sample)) AS listed
                   LEFT JOIN LATERAL \(fragment: Self.having(words, "listed.id")) ON true
            """
        ) { (try $0.decode("passed"), try $0.decode("found")) }
        return passed < Self.sample || found >= Self.sample * 3 / 10 ? .list : .words
    }

    /// How many jobs a search finds. The open jobs of the board are counted as they come and go; everything else is
    /// counted here, up to ``longestCount``.
    func count(_ search: JobSearch, by way: Way, in executor: some SQLExecutor) async throws -> Int {
        try await executor.one(Self.counting(search, by: way)) { try $0.decode("count") }
    }

    static func counting(_ search: JobSearch, by way: Way) -> SQL {
        guard search.client == nil, search.words == nil else {
            // In the order of an index, so that no more of the board is read than is counted.
            let order: SQL =
                search.client == nil && way == .list ? "ORDER BY gigs.created_at DESC, gigs.id DESC" : .empty
            return """
                SELECT count(*) AS count
                  FROM (SELECT \(fragment: found(by: search, way)) \(fragment: order) LIMIT \(longestCount)) AS found
                """
        }
        let chosen: SQL =
            switch search.filter {
            case .level(let level)?: "WHERE experience_level = \(level)"
            case .category(let category)?: "WHERE category_id = \(category)"
            case .status?, nil: .empty
            }
        return "SELECT greatest(0, coalesce(sum(count), 0))::bigint AS count FROM open_jobs \(fragment: chosen)"
    }

    func page(
        _ search: JobSearch, by way: Way, _ page: PageNumber, in executor: some SQLExecutor
    ) async throws -> [Job] {
        try await executor.all(Self.listing(search, by: way, page), Job.init(row:))
    }

    static func listing(_ search: JobSearch, by way: Way, _ page: PageNumber) -> SQL {
        let order: SQL =
            switch search.sort {
            case .dateNew: "gigs.created_at DESC, gigs.id DESC"
            case .dateOld: "gigs.created_at, gigs.id"
            case .budgetHigh: "rate_cents DESC, gigs.created_at DESC, gigs.id DESC"
            case .budgetLow: "rate_cents, gigs.created_at, gigs.id"
            }
        return """
            SELECT \(fragment: JobStore.columns)
              FROM gigs JOIN (
                       SELECT gigs.id AS found_id \(fragment: found(by: search, way))
                        ORDER BY \(fragment: order) OFFSET \(page.offset) LIMIT \(page.limit)
                   ) AS found ON found_id = gigs.id
             ORDER BY \(fragment: order)
            """
    }

    private static func found(by search: JobSearch, _ way: Way) -> SQL {
        guard let words = search.words else { return "FROM gigs WHERE \(fragment: chosen(by: search))" }
        guard search.client == nil else {
            return """
                FROM gigs JOIN gig_words ON gig_id = gigs.id AND \(fragment: haveWords(words))
                 WHERE \(fragment: chosen(by: search))
                """
        }
        return switch way {
        case .list:
            """
            FROM gigs CROSS JOIN LATERAL \(fragment: having(words, "gigs.id")) WHERE \(fragment: chosen(by: search))
            """
        case .words:
            // What is found is looked up job by job (LIMIT), and never joined with the whole board (OFFSET).
            """
            FROM (SELECT gig_id FROM gig_words WHERE \(fragment: haveWords(words)) OFFSET 0) AS worded
                 CROSS JOIN LATERAL (
                     SELECT * FROM gigs WHERE gigs.id = gig_id AND \(fragment: chosen(by: search)) LIMIT 1) AS gigs
            """
        }
    }

    /// One row, if the job has the words.
    private static func having(_ words: String, _ job: SQL) -> SQL {
        """
        (SELECT true AS is_found FROM gig_words
          WHERE gig_id = \(fragment: job) AND \(fragment: haveWords(words)) LIMIT 1) AS worded
        """
    }

    private static func haveWords(_ words: String) -> SQL {
        "gig_words.flow = 'escrow_checkout' AND words @@ sought_beginnings(\(words))"
    }

    private static func chosen(by search: JobSearch) -> SQL {
        let whose: SQL = search.client.map { "owner_id = \($0)" } ?? "status = 'active'"
        let chosen: SQL =
            switch search.filter {
            case .level(let level)?: "AND experience_level = \(level)"
            case .category(let category)?: "AND category_id = \(category)"
            case .status(let status)? where search.client != nil: "AND job_status = \(status)"
            case .status?, nil: .empty
            }
        return "\(fragment: JobStore.isJob) AND \(fragment: whose) \(fragment: chosen)"
    }
}
