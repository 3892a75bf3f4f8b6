import HTTPTypes

/// What pages of the web client may read of our answers (Fetch standard, CORS protocol).
enum CrossOrigin {
    /// The headers that scripts may read besides the usual ones. The gateway lists the same for its own refusals
    /// (`deploy/nginx/refusals.conf`); a test compares the lists.
    static let exposedHeaders =
        ([
            "Allow", "Content-Disposition", "ETag", "Idempotent-Replayed", "Location", "Retry-After",
            "WWW-Authenticate", "X-Request-Id",
        ] + HTTPField.Name.rateLimits.map(\.rawName).sorted()).joined(separator: ", ")
}
