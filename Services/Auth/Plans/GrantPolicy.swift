import SharedModels

/// What an account of a limited plan is granted of it, and what callers are told about the rest.
///
/// A grant is one request, so that the limit is exact over services and replicas and every answer tells the account's own
/// figure (docs/decisions/0048-requests-are-granted-one-by-one.md).
enum GrantPolicy {
    /// One request, in the unit of the bucket.
    static let requestUnit = 1_000_000
    /// The window that the headers describe.
    static let window = Duration.seconds(60)
    /// The limit that is shown for an unlimited plan.
    static let unlimitedShown = 1_000_000
    private static let unlimitedGrant = 10_000_000

    /// The usage after a grant was taken.
    struct Charge: Sendable, Equatable {
        /// Requests granted now.
        let requests: Int
        /// What is left in the bucket, in millionths of a request.
        let bucket: Int
        let windowStartedAt: Timestamp
        /// Requests in the window, this grant included.
        let windowUsed: Int
        /// Requests in the day, this grant included.
        let dayUsed: Int
        /// Whether a place was taken.
        var hasPlace = false
        /// Whether nothing was granted because every place is taken.
        var isFull = false
    }

    /// The grant that the service is told after the charge.
    static func grant(_ charge: Charge, under limits: PlanLimits, at now: Timestamp) -> Grant {
        let windowEnd = charge.windowStartedAt + window
        return Grant(
            requests: charge.requests, expiresAt: windowEnd, limit: limits.perMinute,
            // Below 0 within a burst. The service adds its unspent requests before it shows the number.
            remaining: limits.perMinute - charge.windowUsed, resetsAt: windowEnd, concurrent: limits.concurrent,
            retryAfterSeconds: charge.requests > 0 ? 0 : wait(charge, limits, now), hasPlace: charge.hasPlace,
            isFull: charge.isFull)
    }

    /// For unlimited plans: a fixed large grant, for a minute.
    static func unlimited(at now: Timestamp) -> Grant {
        Grant(
            requests: unlimitedGrant, expiresAt: now + window, limit: unlimitedShown,
            remaining: unlimitedShown - unlimitedGrant, resetsAt: now + window, concurrent: unlimitedShown,
            retryAfterSeconds: 0)
    }

    /// For sessions, which are not metered: how long the answer may be remembered.
    static func unmetered(at now: Timestamp) -> Grant { unlimited(at: now) }

    /// Whole seconds until one request can be granted, at least 1.
    private static func wait(_ charge: Charge, _ limits: PlanLimits, _ now: Timestamp) -> Int {
        // A request in flight most likely ends within a second.
        if charge.isFull { return 1 }
        if charge.dayUsed >= limits.perDay {
            let midnight = (Int64(now.day.daysSince1970) + 1) * 86_400
            return max(1, Int(midnight - now.seconds))
        }
        let missing = max(0, requestUnit - charge.bucket)
        let perSecond = limits.perMinute * requestUnit / 60
        return max(1, (missing + perSecond - 1) / perSecond)
    }
}
