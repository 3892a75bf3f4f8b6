import SharedModels

/// Turns header fields into the lines that libcurl sends.
enum HeaderLines {
    /// libcurl writes these itself, because they frame the message.
    private static let framing: Set<String> = [
        "content-length", "transfer-encoding", "connection", "expect",
    ]

    /// The lines of `request`, checked.
    ///
    /// - Throws: ``OutboundError/invalidHeader(name:)`` when a name is not a token, a value has CR,
    ///   LF or NUL in it, or the header is one that frames the message.
    static func of(_ request: OutboundRequest) throws(OutboundError) -> [String] {
        var lines = ["Expect:"]  // else libcurl waits up to a second for "100 Continue"
        var hasContentType = false
        var fields = request.headers
        if let key = request.idempotencyKey { fields.append(("Idempotency-Key", key)) }
        for (name, value) in fields {
            let lowercased = name.lowercased()
            guard isToken(name), !framing.contains(lowercased), isSafe(value) else {
                throw .invalidHeader(
                    name: String(name.filter { $0.isLetter || $0 == "-" }.prefix(64)))
            }
            hasContentType = hasContentType || lowercased == "content-type"
            let isBlank = value.utf8.allSatisfy(\.isBlank)
            lines.append(isBlank ? "\(name);" : "\(name): \(value)")  // "Name:" would remove the header
        }
        if !hasContentType { lines.append("Content-Type:") }  // else libcurl calls every body a form
        return lines
    }

    /// Whether `value` stays on its line.
    static func isSafe(_ value: String) -> Bool {
        value.utf8.allSatisfy { $0 != 0x0D && $0 != 0x0A && $0 != 0 }
    }

    /// RFC 9110, section 5.6.2.
    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { $0.isASCIIAlphanumeric || "!#$%&'*+-.^_`|~".utf8.contains($0) }
    }
}
