import Glibc

/// The clock, the waits and the random numbers between attempts. Tests replace them to avoid waiting.
package struct OutboundTiming: Sendable {
    var now: @Sendable () -> ContinuousClock.Instant
    /// Seconds since 1970, for a `Retry-After` that is a date.
    var secondsSince1970: @Sendable () -> Int
    /// Waits; throws `CancellationError` when the task is cancelled.
    var sleep: @Sendable (Duration) async throws -> Void
    /// 0..<1
    var jitter: @Sendable () -> Double

    package init(
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        secondsSince1970: @escaping @Sendable () -> Int = { time(nil) },
        sleep: @escaping @Sendable (Duration) async throws -> Void = {
            try await Task.sleep(for: $0)
        },
        jitter: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.now = now
        self.secondsSince1970 = secondsSince1970
        self.sleep = sleep
        self.jitter = jitter
    }
}
