#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One page of a list. The query asks for one row more than `limit` to know whether another page follows.
///
/// A page ends early when its rows together have more than ``PageSize/most`` bytes, so that no list is too large for the
/// memory that a caller may take. It has one row at least.
public struct Page<Item> {
    public let items: [Item]
    /// `nil` at the end.
    public let nextCursor: String?

    /// - Parameter bytes: How long a row is.
    @inlinable
    public init(
        _ rows: [Item], limit: Int, bytes: (Item) -> Int, cursor: (Item) throws -> some CustomStringConvertible
    ) rethrows {
        var size = PageSize()
        let page = rows.prefix(limit).prefix { size.takes(bytes($0)) }
        try self.init(page.count < rows.count ? Array(page) : rows, isLast: page.count == rows.count, cursor: cursor)
    }

    @inlinable
    public init(_ items: [Item], isLast: Bool, cursor: (Item) throws -> some CustomStringConvertible) rethrows {
        self.items = items
        nextCursor = isLast ? nil : try items.last.map { try cursor($0).description }
    }

    private init(items: [Item], nextCursor: String?) {
        self.items = items
        self.nextCursor = nextCursor
    }

    /// Leaves out the items for which `transform` returns `nil`, so the page can be shorter than its limit.
    public func compactMap<Other>(_ transform: (Item) -> Other?) -> Page<Other> {
        Page<Other>(items: items.compactMap(transform), nextCursor: nextCursor)
    }

    public func map<Other>(_ transform: (Item) -> Other) -> Page<Other> {
        Page<Other>(items: items.map(transform), nextCursor: nextCursor)
    }
}

extension Page: Sendable where Item: Sendable {}

/// How much of a page is spent.
public struct PageSize {
    /// In bytes.
    public static let most = 1 << 20

    private var count = 0
    private var spent = 0

    public init() {}

    /// Whether another row of so many bytes still belongs to the page.
    public mutating func takes(_ bytes: Int) -> Bool {
        count += 1
        spent += bytes
        return count == 1 || spent <= Self.most
    }
}

/// A place in a list sorted newest first: the moment and the id of the last row that was shown.
///
/// Opaque to callers. It stays valid while rows are added, because new rows come before it.
public struct PageCursor: Sendable, Equatable {
    public let moment: Timestamp
    /// The id of the last row shown, whatever kind of thing the list holds.
    public let id: UUID

    public init<Kind>(_ moment: Timestamp, _ id: Identifier<Kind>) {
        self.init(moment, id.uuid)
    }

    private init(_ moment: Timestamp, _ id: UUID) {
        self.moment = moment
        self.id = id
    }
}

extension PageCursor: CustomStringConvertible {
    public var description: String {
        var text = TextBuffer(capacity: 48)
        for byte in String(moment.microseconds, radix: 36).utf8 { text.append(byte: byte) }
        text.append("-")
        text.append(undashed: id)
        return text.string
    }

    public init?(_ text: String) {
        guard
            let dash = text.utf8.lastIndex(of: UInt8(ascii: "-")), let microseconds = Int64(text[..<dash], radix: 36),
            let id = UUID(hexadecimal: text[text.utf8.index(after: dash)...])
        else { return nil }
        let moment = Timestamp(microseconds: microseconds)
        guard Timestamp.calendarRange.contains(moment) else { return nil }
        self.init(moment, id)
    }
}

extension PageCursor {
    static let schema: Schema = {
        var rules = StringRules()
        rules.length = 34...44
        rules.pattern = "^[0-9a-z]{1,11}-[0-9a-f]{32}$"
        return .string(rules)
    }()

    /// Before the first row of any list.
    public static let newest = PageCursor(Timestamp.calendarRange.upperBound, someID)
    /// Before the first row of any list sorted oldest first.
    public static let oldest = PageCursor(Timestamp.calendarRange.lowerBound, someID)
    /// Any id will do, because no row has the moments of these two cursors.
    private static let someID = UUID(high: 0x7000, low: 0x8000_0000_0000_0000)
}
