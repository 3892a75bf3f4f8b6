/// In which order gigs are listed.
public enum GigSort: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case newest, oldest
    case cheapest = "rate_asc"
    case dearest = "rate_desc"
    case relevance
}

/// What a list of gigs can be narrowed down to and sorted by.
public enum GigSearchParameters {
    /// As long as a title. 200 characters are 800 bytes at most: PostgreSQL refuses words of more than 2,046.
    public static let words = Parameter<String?>.text(
        "q", 200, "Words in title, description or scope; \"a phrase\", or, and -without as in web searches")
    public static let minimumRate = Parameter<Int64?>.amount(
        "min_rate_cents", "At least this rate; leaves out gigs without one")
    public static let maximumRate = Parameter<Int64?>.amount(
        "max_rate_cents", "At most this rate; leaves out gigs without one")
    public static let sort = Parameter<GigSort?>.oneOf(
        "sort", GigSort.self,
        "newest (the default), oldest, rate_asc or rate_desc (without a rate last), or relevance (with q)")
    /// Where the page begins: `next_cursor` of the page before, of the same list.
    public static let cursor = Parameter<GigCursor?>(
        "cursor", GigCursor.schema, "next_cursor of the page before"
    ) { text in
        guard let text else { return .some(nil) }
        return GigCursor(text).map(Optional.some)
    }
}

/// A place in a list of gigs, either the plain list (newest first) or the results of one search.
public struct GigCursor: Sendable, Equatable {
    /// Identifies the search that the cursor belongs to; `nil` for the plain list.
    public let search: UInt64?
    /// The first sort key of the last gig shown: its rate in cents or its relevance. Gigs with the same key are sorted
    /// by time. `nil` when the list has no such key or the gig has no rate. Not negative.
    public let key: Int64?
    public let place: PageCursor

    public init(search: UInt64?, key: Int64?, place: PageCursor) {
        self.search = search
        self.key = key
        self.place = place
    }
}

extension GigCursor: CustomStringConvertible {
    private static let longest = 76

    /// A cursor of the plain list is written as a ``PageCursor``. A cursor of a search is `<search>.<key>.` followed by
    /// a ``PageCursor``.
    public var description: String {
        guard let search else { return place.description }
        let digits = String(search, radix: 16)
        let zeros = String(repeating: "0", count: 16 - digits.utf8.count)
        return "\(zeros)\(digits).\(key.map { String($0, radix: 36) } ?? "").\(place)"
    }

    public init?(_ text: String) {
        guard text.utf8.contains(UInt8(ascii: ".")) else {
            guard let place = PageCursor(text) else { return nil }
            self.init(search: nil, key: nil, place: place)
            return
        }
        guard text.utf8.count <= Self.longest else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: "."), maxSplits: 2, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard parts.count == 3, let search = UInt64(parts[0], radix: 16), let place = PageCursor(parts[2])
        else { return nil }
        let key = Int64(parts[1], radix: 36)
        guard parts[1].isEmpty || key.map({ $0 >= 0 }) == true else { return nil }
        self.init(search: search, key: key, place: place)
        guard description.isSpelled(text) else { return nil }
    }

    static let schema: Schema = {
        var rules = StringRules()
        rules.length = 34...longest
        rules.pattern = "^([0-9a-f]{16}\\.[0-9a-z]{0,13}\\.)?-?[0-9a-z]{1,11}-[0-9a-f]{32}$"
        return .string(rules)
    }()
}
