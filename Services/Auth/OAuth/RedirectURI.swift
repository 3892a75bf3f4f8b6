import SharedModels

/// Where answers to clients may go. Pure.
///
/// They are compared whole (RFC 9700, section 4.1.3), with its one exception: a program on somebody's own machine gets
/// its port from the system, so that of a public client's loopback address may be another one (RFC 8252, section 7.3).
enum RedirectURI {
    private static let loopback = ["127.0.0.1", "[::1]"]
    /// RFC 3986, appendix A, without the `#` of a fragment.
    private static let marks = Array("-._~:/?[]@!$&'()*+,;=%".utf8)

    /// What is wrong with one that is to be registered, in words that follow its name.
    static func problem(of text: String, isPublic: Bool) -> String? {
        guard text.utf8.allSatisfy({ $0.isASCIIAlphanumeric || marks.contains($0) }) else {
            return "must be a whole URI without a fragment"
        }
        guard let scheme = scheme(of: text) else { return "must begin with a scheme, as https:// does" }
        guard scheme.isSpelled("https") || scheme.isSpelled("http") else {
            guard isPublic, scheme.utf8.contains(UInt8(ascii: ".")) else {
                return "must be https; a program on a device, which has no secret, may have its own scheme with a "
                    + "dot in it, as com.example.app:/done"
            }
            return nil
        }
        guard let url = WebURL(text), hasPlainHost(url) else {
            return "must be a URL with a host and without credentials"
        }
        guard url.isSecure || loopback.contains(where: url.host.isSpelled) || url.host.isSpelled("localhost") else {
            return "must be https, except on localhost"
        }
        return nil
    }

    /// Whether an answer may go to `asked`, where `registered` is.
    static func allows(_ asked: String, _ registered: String, isPublic: Bool) -> Bool {
        if asked.isSpelled(registered) { return true }
        guard isPublic, problem(of: asked, isPublic: true) == nil, let one = WebURL(asked),
            let other = WebURL(registered)
        else { return false }
        return !one.isSecure && !other.isSecure && loopback.contains(where: one.host.isSpelled)
            && one.host.isSpelled(other.host) && one.path.isSpelled(other.path)
            && one.trailer.isSpelled(other.trailer)
    }

    /// How a page's policy names it (Content Security Policy 3, section 2.3.1). It has no form for IPv6 addresses.
    static func policySource(of uri: String) -> String {
        if let url = WebURL(uri), !url.host.utf8.starts(with: "[".utf8) { return url.origin }
        return (scheme(of: uri) ?? "https") + ":"
    }

    /// What a person is told about where they go.
    static func place(of uri: String) -> String {
        WebURL(uri)?.authority ?? scheme(of: uri).map { "the app that opens \($0): links" } ?? uri
    }

    /// `uri` with an answer in its query.
    static func answer(_ uri: String, _ members: [(String, String)]) -> String {
        let mark = uri.utf8.contains(UInt8(ascii: "?")) ? "&" : "?"
        return uri + mark + FormEncoding.text(members)
    }

    private static func hasPlainHost(_ url: WebURL) -> Bool {
        url.host.utf8.allSatisfy { $0.isASCIIAlphanumeric || "-.".utf8.contains($0) }
            || url.host.isSpelled("[::1]")
    }

    /// In lower case.
    private static func scheme(of text: String) -> String? {
        let name = text.utf8.prefix { $0 != UInt8(ascii: ":") }
        guard name.count < text.utf8.count, name.first?.isASCIILetter == true,
            name.allSatisfy({ $0.isASCIIAlphanumeric || "+-.".utf8.contains($0) })
        else { return nil }
        return String(decoding: name.map(\.asciiLowercased), as: UTF8.self)
    }
}
