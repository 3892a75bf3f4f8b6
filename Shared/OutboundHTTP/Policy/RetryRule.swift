/// How an attempt went, as far as trying again is concerned.
package enum AttemptOutcome: Equatable, Sendable {
    /// Some HTTP answer; `retryAfter` is what the answer asked us to wait.
    case answered(status: Int, retryAfter: Duration?)
    /// Nothing was sent.
    case connectFailed
    case timedOut
    /// The connection broke after something was sent.
    case broken
    /// Trying again would end the same way.
    case hopeless
}

/// When to try again, and how long to wait before: pure, so that it is tested without waiting.
package struct RetryRule: Equatable, Sendable {
    /// Attempts in all, the first included. At least 1.
    var maximumAttempts: Int
    /// The wait before the second attempt, before jitter; doubled for each later one.
    var firstDelay: Duration
    var maximumDelay: Duration
    /// The longest `Retry-After` that is waited for; after a longer one the answer is handed out as
    /// it is.
    var maximumRetryAfter: Duration
    /// Whether answers that ask for it (409, 429, 5xx), time-outs and broken connections are tried
    /// again too. Only right when a repeat is harmless.
    var repeatsSentRequests: Bool

    static let never = Self(
        maximumAttempts: 1, firstDelay: .zero, maximumDelay: .zero, maximumRetryAfter: .zero,
        repeatsSentRequests: false
    )

    /// The wait before the next attempt.
    ///
    /// - Parameters:
    ///   - attempt: The attempt that just ended, counted from 1.
    ///   - remaining: What is left of the deadline.
    ///   - jitter: 0..<1, evenly spread: the wait is between half and all of the doubling delay.
    /// - Returns: `nil` when `outcome` is final.
    package func delay(
        after outcome: AttemptOutcome,
        attempt: Int,
        remaining: Duration,
        jitter: Double
    ) -> Duration? {
        guard attempt < maximumAttempts, isWorthRepeating(outcome) else { return nil }
        let doubled = firstDelay * (1 << min(attempt - 1, 16))
        var wait = min(doubled, maximumDelay) * (0.5 + jitter / 2)
        if case .answered(_, let retryAfter?) = outcome {
            guard retryAfter <= maximumRetryAfter else { return nil }
            wait = max(wait, retryAfter)
        }
        return wait < remaining ? wait : nil
    }

    /// The share of the deadline that one attempt may use: half of what is left while another may
    /// follow, so that a time-out leaves room to try again; all of it in the last.
    package func timeout(attempt: Int, remaining: Duration) -> Duration {
        repeatsSentRequests && attempt < maximumAttempts ? remaining / 2 : remaining
    }

    private func isWorthRepeating(_ outcome: AttemptOutcome) -> Bool {
        switch outcome {
        case .connectFailed: true
        case .timedOut, .broken: repeatsSentRequests
        case .answered(let status, _):
            // 409: an earlier attempt with this idempotency key is still being worked on (Stripe,
            // Resend).
            repeatsSentRequests && (status == 409 || status == 429 || (500...599).contains(status))
        case .hopeless: false
        }
    }
}
