import SharedModels

/// Which web pages may write with somebody's session cookie (protection against cross-site request forgery).
///
/// A browser says in `Origin`, or at least in `Sec-Fetch-Site` (W3C Fetch Metadata), where a request comes from. A
/// client that sends neither is not a browser and cannot have been tricked into sending the cookie.
package struct OriginRule: Sendable {
    /// In bytes. Longer than any host name.
    private static let longest = 512

    private let allowed: [String]

    /// - Parameter urls: `PUBLIC_URL` and `CLIENT_URL`. Pages on their origins may write.
    package init(allowing urls: [String]) {
        allowed = urls.compactMap { WebURL($0)?.origin }
    }

    /// - Parameters:
    ///   - origin: The header `Origin`, if present.
    ///   - fetchSite: The header `Sec-Fetch-Site`, if present.
    package func permits(_ method: Method, origin: String?, fetchSite: String?) -> Bool {
        guard method != .get else { return true }
        if let origin {
            guard origin.utf8.count <= Self.longest, let url = WebURL(origin) else { return false }
            return allowed.contains { $0.isSpelled(url.origin) }
        }
        guard let fetchSite else { return true }
        return fetchSite.isSpelled("same-origin") || fetchSite.isSpelled("none")
    }

    /// - Throws: 403 when a page of another site makes `call` with a user's cookie.
    package func check(_ call: Call) throws(Refusal) {
        let isPermitted = permits(
            call.operation.method, origin: call.header("Origin"), fetchSite: call.header("Sec-Fetch-Site"))
        guard isPermitted else { throw Self.refusal }
    }

    /// Whether a page of ours is known to have sent the browser here. What a GET does for the owner of a cookie needs
    /// that, because browsers send the cookie from anywhere: from another site, from a mail, without saying from where.
    package func permitsNavigation(from call: Call) -> Bool {
        permitsNavigation(from: call.header("Referer"), fetchSite: call.header("Sec-Fetch-Site"))
    }

    /// - Parameters:
    ///   - page: The header `Referer`, if present.
    ///   - fetchSite: The header `Sec-Fetch-Site`, if present.
    package func permitsNavigation(from page: String?, fetchSite: String?) -> Bool {
        if let page, let url = WebURL(page), allowed.contains(where: { $0.isSpelled(url.origin) }) { return true }
        return fetchSite?.isSpelled("same-origin") == true
    }

    static let refusal = Refusal.forbidden("A page of another site may not write with this session.")
}
