import SharedModels

/// When a failed delivery is tried again. Pure.
///
///     standard   1 s, 2 s, 4 s, 8 s, 16 s after the attempts 1 to 5; then it has failed
///     durable    the same; then 32 s, 64 s, … up to 2 h apart, half of it by chance, until 72 h have passed
enum RetrySchedule {
    /// Attempts with `standard`: the first delivery and five retries.
    static let standardAttempts = 6
    static let durableSpan = Duration.hours(72)
    private static let longestDelay = Duration.hours(2)
    /// The longest `Retry-After` that is obeyed. A longer one is cut to it.
    static let longestRetryAfter = Duration.hours(24)

    /// The wait before the next attempt.
    ///
    /// - Parameters:
    ///   - attempt: The attempt that just failed, counted from 1 since then.
    ///   - elapsed: The time since the delivery was created.
    ///   - retryAfter: The wait that the receiver asked for. The result is never shorter.
    ///   - jitter: 0..<1, evenly spread.
    /// - Returns: `nil` when no other attempt follows.
    static func delay(
        after attempt: Int, _ policy: RetryPolicy, elapsed: Duration, retryAfter: Duration?, jitter: Double
    ) -> Duration? {
        let asked = min(retryAfter ?? .zero, longestRetryAfter)
        if attempt < standardAttempts { return max(.seconds(1 << (attempt - 1)), asked) }
        switch policy {
        case .standard:
            return nil
        case .durable:
            let doubled = min(.seconds(1 << min(attempt - 1, 20)), longestDelay)
            let wait = max(doubled * (0.5 + jitter / 2), asked)
            return elapsed + wait <= durableSpan ? wait : nil
        }
    }
}
