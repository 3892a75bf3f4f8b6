/// Which versions `If-Match` or `If-None-Match` names (RFC 9110, section 13.1): some, or any with `*`.
struct TagCondition {
    private let tags: [String]

    /// - Returns: `nil` when the header is not there.
    init?(_ header: String?) {
        guard let header else { return nil }
        tags = header.split(separator: ",").map { $0.trimming(" ").withoutWeakness }
    }

    /// - Parameter tag: As in `ETag`, with its quotes.
    func names(_ tag: String) -> Bool { tags.contains("*") || tags.contains(tag.withoutWeakness) }
}

extension String {
    /// A gateway that compresses marks our tags as weak; they name the same versions.
    fileprivate var withoutWeakness: String { hasPrefix("W/") ? String(dropFirst(2)) : self }
}
