import SharedModels

/// The header `Cookie`, read as bytes (RFC 6265, section 4.2).
package enum Cookies {
    /// The value of a cookie; the first one when several have the name.
    ///
    /// - Returns: `nil` when the cookie is missing or empty.
    package static func value(of name: String, in headers: [String]) -> String? {
        all(in: headers) { $0.elementsEqual(name.utf8) }.first.flatMap { $0.value.isEmpty ? nil : $0.value }
    }

    /// The names that begin with `prefix`, in the order in which they were sent. With equal paths, browsers send older
    /// cookies first.
    static func names(beginningWith prefix: String, in headers: [String]) -> [String] {
        all(in: headers) { $0.starts(with: prefix.utf8) }.map(\.name)
    }

    private static func all(
        in headers: [String], where isWanted: (Substring.UTF8View) -> Bool
    ) -> [(name: String, value: String)] {
        var found: [(name: String, value: String)] = []
        for header in headers {
            for pair in header.utf8.split(separator: UInt8(ascii: ";")) {
                let pair = pair.drop(while: \.isBlank)
                guard let equals = pair.firstIndex(of: UInt8(ascii: "=")), isWanted(pair[..<equals]) else { continue }
                let value = pair[pair.index(after: equals)...]
                found.append((String(Substring(pair[..<equals])), String(Substring(value))))
            }
        }
        return found
    }
}
