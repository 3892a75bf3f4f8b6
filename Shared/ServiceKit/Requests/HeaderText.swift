import SharedModels

// Headers are bytes. Swift reads a quote or a semicolon plus a combining mark as one different character, so protocol
// text is never compared, split or trimmed as a `String`.

extension BidirectionalCollection<UInt8> {
    /// The text, without surrounding spaces and tabs (RFC 9110, section 5.6.3: optional white space).
    func headerText() -> String {
        var rest = self[...]
        while let first = rest.first, first == 0x20 || first == 0x09 { rest = rest.dropFirst() }
        while let last = rest.last, last == 0x20 || last == 0x09 { rest = rest.dropLast() }
        return String(decoding: rest, as: UTF8.self)
    }

    /// The same for names and media types, where case does not matter. Only ASCII letters have a case in protocols.
    func headerToken() -> String { map(\.asciiLowercased).headerText() }
}

/// A media type as `Content-Type` and `Accept` write it (RFC 9110, section 8.3.1).
package enum MediaType {
    /// In lower case, without parameters.
    package static func essence(of header: String) -> String {
        header.utf8.prefix { $0 != UInt8(ascii: ";") }.headerToken()
    }

    /// Whether a body of that type is JSON (RFC 6839, section 3.1 for `+json`).
    package static func isJSON(_ header: String) -> Bool {
        let essence = essence(of: header).utf8
        return essence.elementsEqual("application/json".utf8) || essence.suffix(5).elementsEqual("+json".utf8)
    }

    /// Whether `Accept` names `type` explicitly, such as `text/html`. Browsers do this, API clients do not.
    package static func isNamed(_ type: String, by accept: String?) -> Bool {
        (accept?.utf8 ?? "".utf8).split(separator: UInt8(ascii: ",")).contains {
            essence(of: String(Substring($0))).isSpelled(type)
        }
    }
}
