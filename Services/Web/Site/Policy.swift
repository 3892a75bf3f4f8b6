/// The headers of every page: what a browser may load for it, and what it may tell others.
enum Policy {
    static func headers(_ page: WebPage) -> [(name: String, value: String)] {
        [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Security-Policy", page.showsStripe ? stripe : own),
            ("Referrer-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"), ("X-Frame-Options", "DENY"),
            ("Vary", "Accept-Language, Cookie"),
        ]
    }

    private static let common =
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'; "
    private static let own = common + "script-src 'self'; connect-src 'self'"
    /// https://docs.stripe.com/security/guide#content-security-policy
    private static let stripe =
        common + "script-src 'self' https://js.stripe.com; connect-src 'self' https://api.stripe.com; "
        + "frame-src https://js.stripe.com https://hooks.stripe.com"
}
