import HTTPTypes
import SharedModels

/// What pages of the web client may send, and read of our answers (Fetch standard, CORS protocol).
enum CrossOrigin {
    /// The headers that scripts may send besides the usual ones to a path with endpoints of `surfaces`. Skillhouse is
    /// published with two, and exactly those.
    static func allowedHeaders(on surfaces: Set<Surface>) -> [String] {
        let published = ["Content-Type", "Authorization"]
        guard surfaces != [.skillhouse] else { return published }
        return published + ["Idempotency-Key", "If-Match", "If-None-Match", "X-API-Key", "X-Request-Id"]
    }

    /// The headers that scripts may read besides the usual ones. The gateway lists the same for its own refusals
    /// (`deploy/nginx/refusals.conf`); a test compares the lists.
    static let exposedHeaders =
        ([
            "Allow", "Content-Disposition", "ETag", "Idempotent-Replayed", "Location", "Retry-After",
            "WWW-Authenticate", "X-Request-Id",
        ] + HTTPField.Name.rateLimits.map(\.rawName).sorted()).joined(separator: ", ")
}
