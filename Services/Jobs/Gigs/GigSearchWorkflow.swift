import Postgres
import ServiceKit
import SharedModels

/// Searches among gigs. A caller can only find what the caller may list.
///
/// A search can take a thousand times as long as a list. So searches have separate connections, two at a time, which
/// lists and single gigs do not wait for, and a time limit.
struct GigSearchWorkflow: Sendable {
    let database: Database
    let gigs: GigSearchStore
    let turnstile = Turnstile(width: 2, limit: 32)

    /// One page of the results of `search`.
    ///
    /// - Throws: A `Refusal` when `cursor` belongs to another list; 429 or 503 when too many searches are under way,
    ///   503 when this one takes too long.
    func find(
        _ search: GigSearch, by caller: AccountID, after cursor: GigCursor?, limit: Int
    ) async throws -> Page<Gig> {
        try search.check(cursor)
        let found = try await turnstile.pass(for: .account(caller)) {
            try await database.transaction { tx in
                try await gigs.prepare(in: tx)
                return try await rows(of: search, by: caller, after: cursor, limit: limit + 1, in: tx)
            }
        }
        return Page(found, limit: limit, bytes: \.gig.bytes, cursor: search.cursor(after:)).map(\.gig)
    }

    private func rows(
        of search: GigSearch, by caller: AccountID, after cursor: GigCursor?, limit: Int, in tx: Transaction
    ) async throws -> [FoundGig] {
        switch search.sort {
        case .newest, .oldest:
            try await gigs.byTime(search, for: caller, after: cursor?.place, limit: limit, in: tx)
        case .cheapest, .dearest:
            try await byRate(search, by: caller, after: cursor, limit: limit, in: tx)
        case .relevance:
            try await gigs.byRelevance(search, for: caller, after: cursor, limit: limit, in: tx)
        }
    }

    /// Gigs with a rate, and after the last of them those without.
    private func byRate(
        _ search: GigSearch, by caller: AccountID, after cursor: GigCursor?, limit: Int, in tx: Transaction
    ) async throws -> [FoundGig] {
        var found: [FoundGig] = []
        let isPastRates = cursor != nil && cursor?.key == nil
        if !isPastRates {
            found = try await gigs.rated(search, for: caller, after: cursor, limit: limit, in: tx)
        }
        if found.count < limit, !search.hasRateLimits {
            found += try await gigs.unrated(
                search, for: caller, after: isPastRates ? cursor?.place : nil, limit: limit - found.count,
                in: tx)
        }
        return found
    }
}
