import Postgres
import SharedModels

/// Searches among gigs. What a caller may find is what they may list.
struct GigSearchWorkflow: Sendable {
    let database: Database
    let gigs: GigSearchStore

    /// One page of what `search` finds.
    ///
    /// - Throws: A `Refusal` when `cursor` is of another list.
    func find(
        _ search: GigSearch, by caller: AccountID, after cursor: GigCursor?, limit: Int
    ) async throws -> Page<Gig> {
        try search.check(cursor)
        let found = try await rows(of: search, by: caller, after: cursor, limit: limit + 1)
        return Page(found, limit: limit, cursor: search.cursor(after:)).map(\.gig)
    }

    private func rows(
        of search: GigSearch, by caller: AccountID, after cursor: GigCursor?, limit: Int
    ) async throws -> [FoundGig] {
        switch search.sort {
        case .newest, .oldest:
            try await gigs.byTime(search, for: caller, after: cursor?.place, limit: limit, in: database)
        case .cheapest, .dearest:
            try await byRate(search, by: caller, after: cursor, limit: limit)
        case .relevance:
            try await gigs.byRelevance(search, for: caller, after: cursor, limit: limit, in: database)
        }
    }

    /// Those with a rate, and when they are at their end, those without.
    private func byRate(
        _ search: GigSearch, by caller: AccountID, after cursor: GigCursor?, limit: Int
    ) async throws -> [FoundGig] {
        var found: [FoundGig] = []
        let isPastRates = cursor != nil && cursor?.key == nil
        if !isPastRates {
            found = try await gigs.rated(search, for: caller, after: cursor, limit: limit, in: database)
        }
        if found.count < limit, !search.hasRateLimits {
            found += try await gigs.unrated(
                search, for: caller, after: isPastRates ? cursor?.place : nil, limit: limit - found.count,
                in: database)
        }
        return found
    }
}
