import Postgres
import SharedModels

/// The lists of jobs and their numbers, from the rows of the table `gigs` with the flow `escrow_checkout`.
///
/// Measured with a million open jobs: 0.2 ms for a page at the top of the board, 5 ms of one category by rate, 0.4 s at the
/// 900,000th job, as the index alone is skipped through; 0.3 s to count what a search finds, 0.1 ms to count the board.
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

    /// How many jobs a search finds. The open jobs of the board are counted as they come and go; everything else is
    /// counted here, up to ``longestCount``.
    func count(_ search: JobSearch, in executor: some SQLExecutor) async throws -> Int {
        try await executor.one(Self.counting(search)) { try $0.decode("count") }
    }

    static func counting(_ search: JobSearch) -> SQL {
        guard search.client == nil, search.words == nil else {
            return """
                SELECT count(*) AS count FROM (SELECT \(fragment: found(by: search)) LIMIT \(longestCount)) AS found
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

    func page(_ search: JobSearch, _ page: PageNumber, in executor: some SQLExecutor) async throws -> [Job] {
        try await executor.all(Self.listing(search, page), Job.init(row:))
    }

    static func listing(_ search: JobSearch, _ page: PageNumber) -> SQL {
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
                       SELECT gigs.id AS found_id \(fragment: found(by: search))
                        ORDER BY \(fragment: order) OFFSET \(page.offset) LIMIT \(page.limit)
                   ) AS found ON found_id = gigs.id
             ORDER BY \(fragment: order)
            """
    }

    private static func found(by search: JobSearch) -> SQL {
        let words: SQL =
            search.words.map {
                """
                JOIN gig_words ON gig_id = gigs.id AND gig_words.flow = 'escrow_checkout'
                                  AND words @@ sought_beginnings(\($0))
                """
            } ?? .empty
        let whose: SQL = search.client.map { "owner_id = \($0)" } ?? "status = 'active'"
        let chosen: SQL =
            switch search.filter {
            case .level(let level)?: "AND experience_level = \(level)"
            case .category(let category)?: "AND category_id = \(category)"
            case .status(let status)? where search.client != nil: "AND job_status = \(status)"
            case .status?, nil: .empty
            }
        return """
            FROM gigs \(fragment: words)
             WHERE \(fragment: JobStore.isJob) AND \(fragment: whose) \(fragment: chosen)
            """
    }
}
