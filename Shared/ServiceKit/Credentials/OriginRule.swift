import SharedModels

/// Which web pages may write with somebody's session cookie (protection against cross-site request forgery).
///
/// A browser says in `Origin`, or at least in `Sec-Fetch-Site` (W3C Fetch Metadata), where a request comes from. A
/// client that sends neither is not a browser and cannot have been tricked into sending the cookie.
package struct OriginRule: Sendable {
    private let allowed: Set<String>

    /// - Parameter urls: `PUBLIC_URL` and `CLIENT_URL`. Pages on their origins may write.
    package init(allowing urls: [String]) {
        allowed = Set(urls.compactMap { WebURL($0)?.origin })
    }

    /// - Parameters:
    ///   - origin: The header `Origin`, if present.
    ///   - fetchSite: The header `Sec-Fetch-Site`, if present.
    package func permits(_ method: Method, origin: String?, fetchSite: String?) -> Bool {
        guard method != .get else { return true }
        if let origin { return WebURL(origin).map { allowed.contains($0.origin) } ?? false }
        guard let fetchSite else { return true }
        return fetchSite == "same-origin" || fetchSite == "none"
    }

    /// - Throws: 403 when a page of another site makes `call` with a user's cookie.
    package func check(_ call: Call) throws(Refusal) {
        let isPermitted = permits(
            call.operation.method, origin: call.header("Origin"), fetchSite: call.header("Sec-Fetch-Site"))
        guard isPermitted else { throw Self.refusal }
    }

    static let refusal = Refusal.forbidden("A page of another site may not write with this session.")
}
