import SharedModels

/// Splits a query string.
enum QueryReading {
    /// - Returns: Names and values in order, decoded like forms (URL standard, `application/x-www-form-urlencoded`):
    ///   `+` is a space, as browsers and libraries send it. A value is `nil` when it is not percent-encoded UTF-8, and
    ///   empty without a `=`.
    static func parameters(_ query: String) -> [(name: String, value: String?)] {
        FormEncoding.pairs(query.utf8).map { pair in
            (decoded(pair.name) ?? String(Substring(pair.name)), decoded(pair.value))
        }
    }

    private static func decoded(_ text: Substring.UTF8View) -> String? {
        guard text.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(Substring(text))
        }
        return FormEncoding.text(decoding: text)
    }
}
