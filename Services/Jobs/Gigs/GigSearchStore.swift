import Postgres
import SharedModels

/// Every statement of a search: on the table `gigs`, joined with `gig_words` when words are given. The functions
/// `indexed_words` and `sought_words` in migration 0007 define what a word is, and `relevance` in 0010 what counts.
///
/// The words decide whether `gig_words_by_word` or the sort's own index is faster, so the planner chooses. Measured
/// with 100,000 gigs of 1.7 kB: 0.1 to 40 ms; by relevance 6 to 130 ms, and up to 1 s for a word that nearly all have.
struct GigSearchStore: Sendable {
    /// How long a search may take. Only one kind of search takes longer: words that nearly all of a very large number of
    /// gigs contain. It is not worth the wait.
    var timeLimit = Duration.seconds(3)

    /// Sets the time limit for the searches of a transaction, and has each planned for its actual words, because the
    /// best plan depends on them.
    func prepare(in tx: Transaction) async throws {
        try await tx.execute(
            """
            SELECT set_config('statement_timeout', \("\(timeLimit.wholeMilliseconds)"), true),
                   set_config('plan_cache_mode', 'force_custom_plan', true)
            """)
    }

    /// Newest or oldest first.
    func byTime(
        _ search: GigSearch, for caller: AccountID, after place: PageCursor?, limit: Int,
        in executor: some SQLExecutor
    ) async throws -> [FoundGig] {
        let way = Way(of: search.sort)
        let place = place ?? way.beginning
        return try await executor.all(
            """
            SELECT \(fragment: GigStore.columns)
              \(fragment: found(by: search, for: caller))
               AND (created_at, id) \(fragment: way.after) (\(place.moment), \(place.id))
             ORDER BY created_at \(fragment: way.order), id \(fragment: way.order) LIMIT \(limit)
            """
        ) { FoundGig(gig: try Gig(row: $0), key: nil) }
    }

    /// Gigs with a rate, the lowest or the highest first. Among equal rates the oldest come first when sorting upwards,
    /// and the newest when sorting downwards, so that one index serves both.
    func rated(
        _ search: GigSearch, for caller: AccountID, after cursor: GigCursor?, limit: Int,
        in executor: some SQLExecutor
    ) async throws -> [FoundGig] {
        let way = Way(of: search.sort)
        let place = cursor?.place ?? way.beginning
        // A page begins at the search's own bound. PostgreSQL would walk to it from the lowest rate, or the highest.
        let bound = way == .up ? search.minimumRate : search.maximumRate
        let rate = cursor?.key ?? bound?.minorUnits ?? way.firstKey
        return try await executor.all(
            """
            SELECT \(fragment: GigStore.columns)
              \(fragment: found(by: search, for: caller))
               AND (rate_cents, created_at, id) \(fragment: way.after) (\(rate), \(place.moment), \(place.id))
             ORDER BY rate_cents \(fragment: way.order), created_at \(fragment: way.order),
                      id \(fragment: way.order)
             LIMIT \(limit)
            """
        ) { row in
            let gig = try Gig(row: row)
            return FoundGig(gig: gig, key: gig.rate?.minorUnits)
        }
    }

    /// Gigs without a rate, in the same order as gigs with equal rates.
    func unrated(
        _ search: GigSearch, for caller: AccountID, after place: PageCursor?, limit: Int,
        in executor: some SQLExecutor
    ) async throws -> [FoundGig] {
        let way = Way(of: search.sort)
        let place = place ?? way.beginning
        // The rate is always NULL here. It is in the order because it is the first column of the index, which the
        // planner then uses.
        return try await executor.all(
            """
            SELECT \(fragment: GigStore.columns)
              \(fragment: found(by: search, for: caller))
               AND rate_cents IS NULL AND (created_at, id) \(fragment: way.after) (\(place.moment), \(place.id))
             ORDER BY rate_cents \(fragment: way.order), created_at \(fragment: way.order),
                      id \(fragment: way.order)
             LIMIT \(limit)
            """
        ) { FoundGig(gig: try Gig(row: $0), key: nil) }
    }

    /// The most relevant gigs first. A title counts more than the other text, and a long text less than a short one.
    /// Among equally relevant gigs the newest come first.
    func byRelevance(
        _ search: GigSearch, for caller: AccountID, after cursor: GigCursor?, limit: Int,
        in executor: some SQLExecutor
    ) async throws -> [FoundGig] {
        let way = Way(of: search.sort)
        let place = cursor?.place ?? way.beginning
        let relevance = cursor?.key ?? way.firstKey
        return try await executor.all(
            """
            SELECT \(fragment: GigStore.columns), relevance
              FROM (SELECT \(fragment: GigStore.columns),
                           (1000000 * relevance(words, ranked, places, sought_words(\(search.words))))::bigint
                               AS relevance
                      \(fragment: found(by: search, for: caller))) AS found
             WHERE (relevance, created_at, id) < (\(relevance), \(place.moment), \(place.id))
             ORDER BY relevance DESC, created_at DESC, id DESC LIMIT \(limit)
            """
        ) { FoundGig(gig: try Gig(row: $0), key: try $0.int64(at: 10)) }
    }

    /// The gigs that match `search` and that `caller` may see.
    private func found(by search: GigSearch, for caller: AccountID) -> SQL {
        let words: SQL =
            search.words.map {
                """
                JOIN gig_words ON gig_id = id AND gig_words.flow = 'milestone_capture' AND words @@ sought_words(\($0))
                """
            } ?? .empty
        let listed: SQL =
            switch search.listing {
            case .active: "status = 'active'"
            case .own(nil): "owner_id = \(caller)"
            case .own(let status?): "owner_id = \(caller) AND status = \(status)"
            case .waiting:
                """
                owner_id = \(caller) AND (status = 'draft' OR status = 'active' AND \(fragment: GigStore.hasApplicants))
                """
            }
        let least: SQL = search.minimumRate.map { "AND rate_cents >= \($0.minorUnits)" } ?? .empty
        let most: SQL = search.maximumRate.map { "AND rate_cents <= \($0.minorUnits)" } ?? .empty
        return """
            FROM gigs \(fragment: words)
             WHERE \(fragment: GigStore.isGig) AND \(fragment: listed) \(fragment: least) \(fragment: most)
            """
    }
}

/// The two directions of a list.
private enum Way {
    case up, down

    init(of sort: GigSort) {
        switch sort {
        case .oldest, .cheapest: self = .up
        case .newest, .dearest, .relevance: self = .down
        }
    }

    var after: SQL { self == .up ? ">" : "<" }
    var order: SQL { self == .up ? "ASC" : "DESC" }
    var beginning: PageCursor { self == .up ? .oldest : .newest }
    /// Before every rate and relevance.
    var firstKey: Int64 { self == .up ? -1 : .max }
}
