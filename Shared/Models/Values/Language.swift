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
        for range in (header ?? "").utf8.split(separator: UInt8(ascii: ",")).prefix(50) {
            let parts = range.split(separator: UInt8(ascii: ";")).map(\.trimmingBlanks)
            guard let language = parts.first.flatMap(Self.init(tag:)) else { continue }
            let wanted = parts.dropFirst().lazy.compactMap(Self.weight).first ?? 1
            if wanted > weight { (best, weight) = (language, wanted) }
        }
        guard let best else { return nil }
        self = best
    }

    private init?(tag: Substring.UTF8View) {
        let first = tag.prefix { $0 != UInt8(ascii: "-") }.map(\.asciiLowercased)
        guard let language = Self.allCases.first(where: { first.elementsEqual($0.rawValue.utf8) }) else { return nil }
        self = language
    }

    /// Of `q=0.8`; `nil` for another parameter, and 0 for what is no number.
    private static func weight(_ parameter: Substring.UTF8View) -> Double? {
        guard parameter.count >= 2, parameter.prefix(2).equalsIgnoringCase("q=") else { return nil }
        return Double(String(decoding: parameter.dropFirst(2), as: UTF8.self)) ?? 0
    }
}
