import ServiceKit
import SharedModels

/// The criteria of a list of gigs.
struct GigSearch: Sendable, Equatable {
    let listing: GigListing
    /// Words as people type them into a web search; `nil` to search without words.
    let words: String?
    /// For one hour.
    let minimumRate: Money?
    let maximumRate: Money?
    let sort: GigSort

    /// - Parameter words: Blank text counts as no words, because a search field was left empty.
    /// - Throws: A `Refusal` that names the parameter when two parameters contradict each other.
    init(
        _ listing: GigListing = .active, words: String? = nil, minimumRate: Money? = nil,
        maximumRate: Money? = nil, sort: GigSort = .newest
    ) throws(Refusal) {
        self.listing = listing
        self.words = words.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
        self.minimumRate = minimumRate
        self.maximumRate = maximumRate
        self.sort = sort
        if let minimumRate, let maximumRate, minimumRate.minorUnits > maximumRate.minorUnits {
            throw .validation("min_rate_cents", "must be at most max_rate_cents")
        }
        if sort == .relevance, self.words == nil { throw .validation("sort", "can be relevance only with q") }
    }

    /// A whole list, newest first. Most callers ask for this, and ``GigWorkflow`` answers it.
    var isPlain: Bool { words == nil && !hasRateLimits && sort == .newest }

    /// Gigs without a rate are then left out.
    var hasRateLimits: Bool { minimumRate != nil || maximumRate != nil }

    /// The same for the same search in every process, and almost never the same for two searches (FNV-1a with 64 bits,
    /// RFC draft `eastlake-fnv`).
    var fingerprint: UInt64 {
        let parts = [
            listing.name, sort.rawValue, minimumRate.map { String($0.minorUnits) } ?? "",
            maximumRate.map { String($0.minorUnits) } ?? "", words ?? "",
        ]
        return parts.joined(separator: "\0").utf8.reduce(0xCBF2_9CE4_8422_2325) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
    }

    /// - Throws: A `Refusal` when `cursor` belongs to another list.
    func check(_ cursor: GigCursor?) throws(Refusal) {
        guard let cursor, cursor.search != fingerprint else { return }
        throw .validation("cursor", "belongs to a list with other filters or another sort")
    }

    func cursor(after found: FoundGig) -> GigCursor {
        GigCursor(search: fingerprint, key: found.key, place: PageCursor(found.gig.createdAt, found.gig.id))
    }
}

/// A gig, and the first key that it was sorted by.
struct FoundGig: Sendable, Equatable {
    let gig: Gig
    /// Its rate in cents, or its relevance in millionths; `nil` when the list has no such key or the gig has no rate.
    let key: Int64?
}
