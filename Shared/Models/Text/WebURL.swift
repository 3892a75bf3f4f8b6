/// An absolute `http` or `https` URL, parsed once.
///
/// libcurl's own parser (`TargetURL`) decides where a call really goes. This parser is for URLs that are stored or
/// compared: in settings, in `Origin`, in what users store.
package struct WebURL: Sendable, Equatable {
    /// The text as it was written.
    package let text: String
    /// `http` or `https`.
    package let scheme: String
    /// In lower case. An IPv6 address is in brackets.
    package let host: String
    /// `nil` for the default port of the scheme, written or not.
    package let port: Int?
    /// From the slash after host and port up to the query; empty without a slash.
    package let path: String
    /// The query and the fragment with `?` and `#`; empty without either.
    package let trailer: String

    /// - Returns: `nil` for any other scheme, no host, credentials, a port outside 1 to 65535, white space, a control
    ///   character or a backslash.
    package init?(_ text: String) {
        guard text.unicodeScalars.allSatisfy({ $0.isVisible && $0 != "\\" }) else { return nil }
        let bytes = Array(text.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: "://".utf8) else {
            return nil
        }
        let scheme = bytes[..<colon].map(\.asciiLowercased)
        guard scheme.elementsEqual("http".utf8) || scheme.elementsEqual("https".utf8) else { return nil }
        let rest = bytes[(colon + 3)...]
        let authority = rest.prefix { !"/?#".utf8.contains($0) }
        let path = rest[authority.endIndex...].prefix { !"?#".utf8.contains($0) }
        guard let (host, port) = Self.parts(of: authority) else { return nil }
        self.text = text
        self.scheme = String(decoding: scheme, as: UTF8.self)
        self.host = String(decoding: host, as: UTF8.self).lowercased()
        self.port = port == (self.scheme == "https" ? 443 : 80) ? nil : port
        self.path = String(decoding: path, as: UTF8.self)
        trailer = String(decoding: rest[path.endIndex...], as: UTF8.self)
    }

    package var isSecure: Bool { scheme == "https" }

    /// Host and port as the header `Host` has them.
    package var authority: String { port.map { "\(host):\($0)" } ?? host }

    /// Scheme, host and port as browsers write them in `Origin` (RFC 6454, section 6.1).
    package var origin: String { "\(scheme)://\(authority)" }

    private static func parts(of authority: ArraySlice<UInt8>) -> (host: ArraySlice<UInt8>, port: Int?)? {
        guard !authority.contains(UInt8(ascii: "@")) else { return nil }
        let bracket = authority.lastIndex(of: UInt8(ascii: "]")) ?? authority.startIndex
        guard let colon = authority[bracket...].lastIndex(of: UInt8(ascii: ":")) else {
            return authority.isEmpty ? nil : (authority, nil)
        }
        let host = authority[..<colon]
        let digits = authority[(colon + 1)...]
        guard
            !host.isEmpty, host.first == UInt8(ascii: "[") || !host.contains(UInt8(ascii: ":")),
            digits.allSatisfy(\.isASCIIDigit),
            let port = Int(String(decoding: digits, as: UTF8.self)), (1...65_535).contains(port)
        else { return nil }
        return (host, port)
    }
}

extension String {
    /// The http or https URL that this is, with `https://` before it when it was written without a scheme, as people write
    /// `github.com/ada`; `nil` when that is no URL either.
    package var asLink: String? {
        if StringFormat.uri.accepts(self) { return self }
        let completed = "https://\(self)"
        return !contains("://") && contains(".") && StringFormat.uri.accepts(completed) ? completed : nil
    }
}

extension Unicode.Scalar {
    /// Whether the character is neither white space, nor a control character, nor one that turns the writing direction.
    var isVisible: Bool {
        !properties.isWhitespace && properties.generalCategory != .control && !properties.isBidiControl
    }
}
