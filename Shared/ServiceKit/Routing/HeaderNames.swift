import HTTPTypes

/// Headers that swift-http-types does not name. They are created once, because creating a name from text costs as much
/// as looking it up.
extension HTTPField.Name {
    static let requestID = known("X-Request-Id")
    /// swift-http-types keeps it apart, as HTTP/2 does.
    static let hostName = known("Host")
    static let realIP = known("X-Real-IP")
    static let traceParent = known("traceparent")
    static let apiKey = known("X-API-Key")
    static let idempotencyKey = known("Idempotency-Key")
    static let fetchSite = known("Sec-Fetch-Site")
    static let rateLimit = known("X-RateLimit-Limit")
    static let rateLimitRemaining = known("X-RateLimit-Remaining")
    static let rateLimitReset = known("X-RateLimit-Reset")
    static let rateLimitRetryAfter = known("X-RateLimit-Retry-After")
    static let accelBuffering = known("X-Accel-Buffering")

    /// The headers about the rate limit at the time of the answer.
    static let rateLimits: Set<Self> = [rateLimit, rateLimitRemaining, rateLimitReset, rateLimitRetryAfter]

    private static func known(_ text: String) -> Self {
        guard let name = Self(text) else { preconditionFailure("\(text) is not the name of a header") }
        return name
    }

    /// The name that was sent as `text`; `nil` when that is not a token.
    static func find(_ text: String) -> Self? { usual[text] ?? Self(text) }

    /// The names that come with most requests, as clients and gateways write them.
    private static let usual: [String: Self] = {
        let names: [Self] = [
            hostName, .accept, .acceptEncoding, .acceptLanguage, .authorization, .connection, .contentLength,
            .contentType,
            .cookie, .origin, .referer, .userAgent, .ifNoneMatch, .ifMatch, .transferEncoding, .cacheControl, requestID,
            traceParent, apiKey, idempotencyKey, fetchSite, known("X-Forwarded-For"), known("X-Forwarded-Proto"),
            realIP, known("Sec-Fetch-Mode"), known("Sec-Fetch-Dest"),
        ]
        return Dictionary(
            names.flatMap { name in [name.rawName, name.canonicalName].map { ($0, name) } },
            uniquingKeysWith: { first, _ in first })
    }()
}
