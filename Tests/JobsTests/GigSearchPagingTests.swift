import Postgres
import TestSupport
import Testing

@testable import JobsService
@testable import SharedModels

/// The promise under test: the pages of a search together are its results, each gig once and in order, even while other
/// gigs change.
@Suite struct GigSearchPagingTests {
    private static let rates: [Int64?] = [nil, nil, 0, 100, 100, 100, 250, 9_007_199_254_740_991]
    private static let titles = [
        "Compiler", "Compiler work", "A compiler to compile compilers", "Logo for a compiler",
    ]

    /// Active gigs with the word "compiler"; some have the same rate, and some the same time.
    private func fill(_ market: Market, _ count: Int, _ random: inout SeededGenerator) async throws -> [Gig] {
        var gigs: [Gig] = []
        for number in 0..<count {
            if number % 3 == 0 { market.clock.advance(by: .microseconds(1)) }
            gigs.append(try await post(in: market, &random))
        }
        return gigs
    }

    private func post(in market: Market, _ random: inout SeededGenerator) async throws -> Gig {
        try await market.post(
            title: Self.titles.randomElement(using: &random) ?? "Compiler",
            rateCents: Self.rates.randomElement(using: &random) ?? nil)
    }

    @Test(arguments: UInt64(1)...2)
    func `pages of any length are the whole list in order`(seed: UInt64) async throws {
        try await Market.with { market in
            var random = SeededGenerator(seed: seed)
            let gigs = try await fill(market, 23, &random)
            for sort in GigSort.allCases {
                for words in [nil, "compiler"] where words != nil || sort != .relevance && sort != .newest {
                    let search = try GigSearch(words: words, sort: sort)
                    for limit in [1, 2, 3, 7, 22, 23, 24, 100] {
                        let pages = try await market.walk(search, limit: limit)
                        let seen = pages.flatMap(\.self)
                        #expect(pages.dropLast().allSatisfy { $0.count == limit }, "\(sort), \(limit)")
                        #expect(Set(seen.map(\.id)) == Set(gigs.map(\.id)) && seen.count == gigs.count)
                        if let wanted = gigs.sorted(by: sort) { #expect(seen == wanted, "\(sort), \(limit)") }
                    }
                }
            }
        }
    }

    @Test(arguments: GigStatus.allCases)
    func `one's own drafts and closed gigs are paged like active ones`(status: GigStatus) async throws {
        try await Market.with { market in
            var random = SeededGenerator(seed: 7)
            var gigs = try await fill(market, 12, &random)
            for index in gigs.indices {
                gigs[index] = try await market.change(gigs[index].id, GigUpdate(status: status))
            }
            for sort in GigSort.allCases {
                let search = try GigSearch(GigListing(status), words: "compiler", sort: sort)
                let seen = try await market.walk(search, by: market.owner, limit: 5).flatMap(\.self)
                #expect(Set(seen.map(\.id)) == Set(gigs.map(\.id)) && seen.count == gigs.count)
                if let wanted = gigs.sorted(by: sort) { #expect(seen == wanted) }
            }
        }
    }

    @Test(arguments: GigSort.allCases, UInt64(1)...4)
    func `no gig that stays as it is is lost or repeated by what happens between two pages`(
        sort: GigSort, seed: UInt64
    ) async throws {
        try await Market.with { market in
            var random = SeededGenerator(seed: seed)
            var gigs = try await fill(market, 30, &random)
            let staying = Set(gigs.shuffled(using: &random).prefix(15).map(\.id))
            let search = try GigSearch(
                words: "compiler", minimumRate: seed == 4 ? .usd(cents: 50) : nil, sort: sort)
            let pages = try await market.walk(search, limit: Int.random(in: 1...7, using: &random)) { page in
                market.clock.advance(by: .microseconds(Int.random(in: 0...2, using: &random)))
                gigs.append(try await post(in: market, &random))
                // One of them is the last gig shown, which the cursor points to.
                for gig in [page.last, gigs.randomElement(using: &random)].compactMap(\.self)
                where !staying.contains(gig.id) {
                    try await disturb(gig, in: market, &random)
                }
            }
            let seen = pages.flatMap(\.self).map(\.id).filter(staying.contains)
            let all = try await market.walk(search, limit: 100).flatMap(\.self)
            #expect(seen == all.map(\.id).filter(staying.contains))
        }
    }

    private func disturb(_ gig: Gig, in market: Market, _ random: inout SeededGenerator) async throws {
        do {
            switch Int.random(in: 0..<4, using: &random) {
            case 0: try await market.delete(gig.id)
            case 1: try await market.change(gig.id, GigUpdate(status: .closed))
            case 2: try await market.change(gig.id, GigUpdate(title: "A logo"))
            default:
                let rate = Self.rates.randomElement(using: &random) ?? nil
                try await market.change(gig.id, GigUpdate(rateCents: rate.map { .set($0) } ?? .clear))
            }
        } catch GigError.notFound {
            // Deleted between two earlier pages.
        }
    }

    @Test(arguments: GigSort.allCases)
    func `pages read while others post show each gig that was there once`(sort: GigSort) async throws {
        try await Market.with { market in
            var random = SeededGenerator(seed: 1)
            let gigs = try await fill(market, 40, &random)
            let search = try GigSearch(words: "compiler", sort: sort)
            let walks = try await withThrowingTaskGroup(of: [Gig]?.self) { group in
                for writer in UInt64(0)..<3 {
                    group.addTask {
                        var random = SeededGenerator(seed: writer)
                        for _ in 0..<20 { _ = try await post(in: market, &random) }
                        return nil
                    }
                }
                for limit in [3, 5, 8] {
                    group.addTask { try await market.walk(search, limit: limit).flatMap(\.self) }
                }
                return try await group.reduce(into: []) { $0.append($1) }.compactMap(\.self)
            }
            #expect(walks.count == 3)
            for seen in walks {
                #expect(Set(seen.map(\.id)).count == seen.count)
                #expect(Set(gigs.map(\.id)).isSubset(of: seen.map(\.id)))
            }
        }
    }
}

extension [Gig] {
    /// In the order of a list; `nil` for relevance, which only the database knows.
    fileprivate func sorted(by sort: GigSort) -> Self? {
        let unrated = newestFirst.filter { $0.rate == nil }
        let dearestFirst = newestFirst.filter { $0.rate != nil }.sorted {
            ($0.cents, $0.createdAt, $0.id) > ($1.cents, $1.createdAt, $1.id)
        }
        return switch sort {
        case .newest: newestFirst
        case .oldest: newestFirst.reversed()
        case .cheapest: dearestFirst.reversed() + unrated.reversed()
        case .dearest: dearestFirst + unrated
        case .relevance: nil
        }
    }
}

extension Gig {
    fileprivate var cents: Int64 { rate?.minorUnits ?? 0 }
}
