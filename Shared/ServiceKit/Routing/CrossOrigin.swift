import HTTPTypes

/// What the web client's pages may know of answers (Fetch standard, CORS protocol).
enum CrossOrigin {
    /// What scripts may read besides the usual headers. The gateway says the same of its own refusals
    /// (`deploy/nginx/refusals.conf`); a test compares.
    static let exposedHeaders =
        ([
            "Allow", "Content-Disposition", "ETag", "Idempotent-Replayed", "Location", "Retry-After",
            "WWW-Authenticate", "X-Request-Id",
        ] + HTTPField.Name.rateLimits.map(\.rawName).sorted()).joined(separator: ", ")
}
