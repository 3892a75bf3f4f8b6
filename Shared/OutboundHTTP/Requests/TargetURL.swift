import CCurl
import SharedModels

/// A URL parsed by libcurl's own parser, so that the check and the connection see the same host.
///
/// The parser also turns unusual forms of IPv4 addresses (`0x7f.1`, `2130706433`) into dotted decimals.
struct TargetURL: Sendable {
    let scheme: String
    let user: String?
    let password: String?
    /// In lower case; an IPv6 address without brackets.
    let host: String
    let port: Int

    /// - Throws: ``OutboundError/invalidURL`` for anything that is not an absolute URL in visible
    ///   ASCII with a host.
    init(_ text: String) throws(OutboundError) {
        guard text.utf8.count <= 8192, text.utf8.allSatisfy(\.isVisibleASCII),
            let handle = curl_url()
        else { throw .invalidURL }
        defer { curl_url_cleanup(handle) }
        guard
            curl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_NON_SUPPORT_SCHEME))
                == CURLUE_OK,
            let scheme = Self.part(CURLUPART_SCHEME, of: handle),
            var host = Self.part(CURLUPART_HOST, of: handle)?.lowercased(), !host.isEmpty,
            let port = Self.part(CURLUPART_PORT, of: handle, UInt32(CURLU_DEFAULT_PORT)).flatMap({
                Int($0)
            })
        else { throw .invalidURL }
        if host.hasPrefix("[") { host = String(host.dropFirst().prefix { $0 != "]" && $0 != "%" }) }
        if host.hasSuffix(".") { host.removeLast() }
        guard Self.isHost(host) else { throw .invalidURL }
        self.scheme = scheme.lowercased()
        self.user = Self.part(CURLUPART_USER, of: handle)
        self.password = Self.part(CURLUPART_PASSWORD, of: handle)
        self.host = host
        self.port = port
    }

    /// `host:port`, the unit that a circuit breaker watches.
    var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Whether it has the characters of a name or an address, and no others that somebody might take for something else.
    private static func isHost(_ host: String) -> Bool {
        !host.isEmpty && host.utf8.allSatisfy { $0.isASCIIAlphanumeric || ".-_:".utf8.contains($0) }
    }

    private static func part(_ part: CURLUPart, of handle: OpaquePointer, _ flags: UInt32 = 0)
        -> String?
    {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
