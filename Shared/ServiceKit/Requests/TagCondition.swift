import SharedModels

/// The versions that `If-Match` or `If-None-Match` names (RFC 9110, section 13.1): some, or any with `*`.
struct TagCondition: Sendable, CustomStringConvertible {
    private let isAny: Bool
    /// The text between the quotes, in order. A gateway that compresses marks our tags as weak; they still name the
    /// same versions. Text that is not a tag names nothing.
    private let tags: [[UInt8]]

    /// - Returns: `nil` when the header is missing.
    init?(_ header: String?) {
        guard let header else { return nil }
        isAny = header.utf8.trimmingBlanks.elementsEqual("*".utf8)
        var tags: [[UInt8]] = []
        var rest = Array(header.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\"") else { continue }
            let tag = rest.prefix { $0 != UInt8(ascii: "\"") }
            guard tag.endIndex < rest.endIndex else { break }
            tags.append(Array(tag))
            rest = rest[tag.endIndex...].dropFirst()
        }
        self.tags = tags
    }

    /// Equal for equal versions, in any spelling of the header.
    var description: String {
        isAny
            ? "*"
            : tags.sorted { $0.lexicographicallyPrecedes($1) }
                .map { "\"\(String(decoding: $0, as: UTF8.self))\"" }.joined(separator: ", ")
    }

    /// Whether it names a version, on whichever day that was shown.
    func names(version: Int64) -> Bool {
        let tag = Array("v\(version)".utf8)
        return isAny || tags.contains { $0 == tag || $0.starts(with: tag + [UInt8(ascii: "-")]) }
    }

    /// - Parameter tag: A tag as in `ETag`, with its quotes.
    func names(_ tag: String) -> Bool { isAny || tags.contains { $0.elementsEqual(tag.utf8.dropFirst().dropLast()) } }
}
