/// A language in which people are written to.
public enum Language: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case english = "en"
    case german = "de"
}

extension Language {
    /// The one of ours that a reader wants most; `nil` when none is wanted.
    ///
    /// - Parameter header: The value of `Accept-Language` (RFC 9110, section 12.5.4). Of `de-AT` the first part counts.
    package init?(acceptedBy header: String?) {
        var (best, weight) = (Self?.none, 0.0)
        for range in (header ?? "").split(separator: ",").prefix(50) {
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            guard let tag = parts.first?.split(separator: "-").first, let language = Self(rawValue: String(tag)) else {
                continue
            }
            let given = parts.dropFirst().first { $0.hasPrefix("q=") }
            let wanted = given.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            if wanted > weight { (best, weight) = (language, wanted) }
        }
        guard let best else { return nil }
        self = best
    }
}
