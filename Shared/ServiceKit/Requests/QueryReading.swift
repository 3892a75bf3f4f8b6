import SharedModels

/// Splits a query string.
enum QueryReading {
    /// - Returns: Names and values in order, decoded like forms (URL standard, `application/x-www-form-urlencoded`):
    ///   `+` is a space, as browsers and libraries send it. A value is `nil` when it is not percent-encoded UTF-8, and
    ///   empty without a `=`.
    static func parameters(_ query: String) -> [(name: String, value: String?)] {
        var parameters: [(name: String, value: String?)] = []
        var rest = query.utf8[...]
        while !rest.isEmpty {
            let pair = rest.prefix { $0 != UInt8(ascii: "&") }
            rest = rest[pair.endIndex...].dropFirst()
            guard !pair.isEmpty else { continue }
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            let value = pair[name.endIndex...].dropFirst()
            parameters.append((decoded(name) ?? String(Substring(name)), decoded(value)))
        }
        return parameters
    }

    private static func decoded(_ text: Substring.UTF8View) -> String? {
        guard text.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(Substring(text))
        }
        guard let bytes = FormEncoding.decode(text) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
