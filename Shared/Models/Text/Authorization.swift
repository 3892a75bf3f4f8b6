/// The header `Authorization`: a scheme and its credentials (RFC 9110, section 11.4; RFC 6750, section 2.1).
package struct Authorization: Sendable, Equatable {
    /// In lower case.
    package let scheme: String
    /// Everything after the scheme, without surrounding blanks.
    package let credentials: String

    /// - Returns: `nil` without a scheme or without credentials.
    package init?(_ header: String) {
        let bytes = header.utf8.trimmingBlanks
        let scheme = bytes.prefix { !$0.isBlank }
        let credentials = bytes[scheme.endIndex...].trimmingBlanks
        guard !scheme.isEmpty, !credentials.isEmpty else { return nil }
        self.scheme = String(decoding: scheme.map(\.asciiLowercased), as: UTF8.self)
        self.credentials = String(decoding: credentials, as: UTF8.self)
    }

    /// - Returns: The token of the scheme `Bearer`; `nil` for any other scheme.
    package static func bearer(_ header: String?) -> String? {
        guard let read = header.flatMap(Self.init), read.scheme == "bearer" else { return nil }
        return read.credentials
    }

    /// The header that shows a token to somebody else.
    package static func showing(_ token: String) -> (name: String, value: String) {
        ("Authorization", "Bearer \(token)")
    }
}
